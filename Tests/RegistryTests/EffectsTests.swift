import Registry
import Testing

@Suite("Effects")
struct EffectsTests {
    private let effects: [Effect] = [.log("a"), .log("b"), .log("c"), .persist(.removeNode(id(1)))]

    @Test("appending keeps the order, through every form")
    func order() {
        var all = Effects.none
        for (index, effect) in effects.enumerated() {
            #expect(all.count == index)
            all.append(effect)
            #expect(Array(all) == Array(effects.prefix(index + 1)))
        }
        #expect(all[0] == .log("a"))
        #expect(all[3] == .persist(.removeNode(id(1))))
    }

    @Test("lists of the same effects are equal in any form")
    func equality() {
        #expect(Effects.many([.log("a")]) == .one(.log("a")))
        #expect(Effects.two(.log("a"), .log("b")) == [.log("a"), .log("b")])
        #expect(Effects.two(.log("a"), .log("b")) != .two(.log("b"), .log("a")))
        #expect(Effects.none == [])
    }

    @Test("only durable changes make an answer wait for a commit")
    func commits() {
        #expect(!Effects.none.needsCommit)
        let small: Effects = [.log("a"), .closeSession(session(1), reason: "")]
        #expect(!small.needsCommit)
        let durable: Effects = [.log("a"), .persist(.removeNode(id(1)))]
        #expect(durable.needsCommit)
    }
}
