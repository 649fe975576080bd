/// Every item of every page of a list, fetched as it is asked for.
public struct Items<Element: Sendable>: AsyncSequence, Sendable {
    /// Fetches a page: its items, and whether there is another one.
    let fetch: @Sendable (Int32) async throws -> ([Element], Bool)

    init(fetch: @escaping @Sendable (Int32) async throws -> ([Element], Bool)) {
        self.fetch = fetch
    }

    public func makeAsyncIterator() -> Iterator {
        Iterator(fetch: fetch)
    }

    public struct Iterator: AsyncIteratorProtocol {
        let fetch: @Sendable (Int32) async throws -> ([Element], Bool)
        private var page: Int32? = 1
        private var items: ArraySlice<Element> = []

        init(fetch: @escaping @Sendable (Int32) async throws -> ([Element], Bool)) {
            self.fetch = fetch
        }

        public mutating func next() async throws -> Element? {
            if items.isEmpty, let number = page {
                let (fetched, more) = try await fetch(number)
                items = fetched[...]
                // A service that says "more" after an empty page would never end.
                page = more && !fetched.isEmpty ? number + 1 : nil
            }
            return items.popFirst()
        }
    }
}
