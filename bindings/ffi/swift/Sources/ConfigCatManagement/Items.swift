/// Sequence of every item of every page of a list. Pages are fetched on demand.
public struct Items<Element: Sendable>: AsyncSequence, Sendable {
    /// Fetches a page; returns its items, and whether there is another page.
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
                // Stops at an empty page, because a service that always reports more pages would never end.
                page = more && !fetched.isEmpty ? number + 1 : nil
            }
            return items.popFirst()
        }
    }
}
