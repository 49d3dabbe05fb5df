import Registry
import Testing

@Suite("Registry settings")
struct SettingsTests {
    @Test("what is not set follows from the interval")
    func defaults() {
        let settings = RegistrySettings()
        #expect(settings.heartbeatInterval == .seconds(30))
        #expect(settings.suspectAfter == .seconds(60))
        #expect(settings.unreachableAfter == .seconds(90))
        #expect(settings.homecomingGrace == .seconds(90))
        #expect(settings.problem == nil)
        #expect(RegistrySettings(heartbeatInterval: .milliseconds(100)).suspectAfter == .milliseconds(200))
    }

    @Test("settings that contradict each other are told by name")
    func problems() {
        func problem(_ interval: Duration, _ suspect: Duration, _ unreachable: Duration) -> String? {
            RegistrySettings(heartbeatInterval: interval, suspectAfter: suspect, unreachableAfter: unreachable).problem
        }
        #expect(problem(.seconds(30), .seconds(30), .seconds(90))?.hasPrefix("suspect-after") == true)
        #expect(problem(.seconds(30), .seconds(45), .seconds(45))?.hasPrefix("unreachable-after") == true)
        #expect(problem(.milliseconds(1), .seconds(45), .seconds(90))?.hasPrefix("heartbeat-interval") == true)
        #expect(problem(.seconds(30), .seconds(45), .seconds(90)) == nil)
    }
}
