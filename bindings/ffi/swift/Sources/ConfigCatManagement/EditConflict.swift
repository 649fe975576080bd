import Foundation

/// Others have changed a state since an edit read it, and the changes could not be combined. Nothing was changed.
public struct EditConflict<State: Sendable, Draft: Sendable>: Error {
    /// The state that was read.
    public let base: State
    /// The state as others have changed it.
    public let theirs: State
    /// The draft with the changes of the edit.
    public let mine: Draft
    /// The changes of the edit, as a patch of ``base``.
    public let patch: JsonPatch
    /// Details of the error of the rejected request.
    public let details: ErrorDetails
}

extension EditConflict: LocalizedError {
    public var errorDescription: String? { details.message }

    public var recoverySuggestion: String? { "Load it again and repeat the change." }
}
