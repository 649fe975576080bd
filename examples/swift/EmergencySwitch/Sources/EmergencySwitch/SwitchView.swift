#if canImport(SwiftUI)
    import ConfigCatManagement
    import SwiftUI

    /// List of flags, with buttons to turn them off.
    public struct SwitchView: View {
        @State private var model: SwitchModel
        @State private var chosen: Flag?
        @State private var reason = ""

        public init(model: SwitchModel) {
            _model = State(initialValue: model)
        }

        public var body: some View {
            List(model.flags) { flag in
                LabeledContent(flag.key, value: flag.environment)
                Button(flag.on ? "Turn off" : "Off", role: .destructive) { chosen = flag }
                    .disabled(!flag.on || model.busy)
            }
            .overlay { if let problem = model.problem { Text(problem) } }
            .refreshable { await model.refresh() }
            .task { await model.refresh() }
            .alert("Turn off for everyone?", isPresented: .constant(chosen != nil), presenting: chosen) { flag in
                TextField("Reason", text: $reason)
                Button("Turn off", role: .destructive) {
                    chosen = nil
                    Task { await model.turnOff(flag, reason: reason) }
                }
                Button("Cancel", role: .cancel) { chosen = nil }
            }
        }
    }
#endif
