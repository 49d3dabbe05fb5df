import Foundation
import RollcallProtocol

@testable import AgentClient

/// An agent with a clock that the test moves: one line of a test is one event.
struct Agent {
    var machine: AgentMachine
    private(set) var now = ClockReading(monotonic: .zero, unixMilliseconds: 1_800_000_000_000)

    init(_ timings: AgentTimings = AgentTimings(), seed: UInt64 = 1) {
        machine = AgentMachine(
            facts: .with {
                $0.hostname = "web-03"
                $0.role = .mobilityAgent
                $0.bootID = Data((1...16).map { UInt8($0) })
            }, timings: timings, seed: seed)
    }

    mutating func pass(_ time: Duration) -> [AgentAction] {
        now.monotonic += time
        now.unixMilliseconds += Int64(time / .milliseconds(1))
        return machine.tick(at: now)
    }

    /// Lets time pass until the machine wants to be called.
    mutating func passToDeadline() -> [AgentAction] {
        pass((machine.deadline ?? now.monotonic) - now.monotonic)
    }

    mutating func start() -> [AgentAction] { machine.start(at: now) }
    mutating func connected() -> [AgentAction] { machine.connected(at: now) }
    mutating func closed(_ reason: String) -> [AgentAction] { machine.closed(reason, at: now) }
    mutating func stop(_ reason: WireLeaveReason) -> [AgentAction] { machine.stop(reason, at: now) }
    mutating func seen(_ services: WireServiceReport...) -> [AgentAction] { machine.servicesSeen(services, at: now) }

    mutating func tried(_ path: WireDataPath) -> [AgentAction] { machine.dataPathTried(path, at: now) }

    mutating func answer(
        _ id: UInt64, _ code: StatusCode = .ok, _ message: String = "", result: WireResponse.OneOf_Result? = nil
    ) -> [AgentAction] {
        machine.received(
            .with {
                $0.id = id
                $0.status = code.rawValue
                $0.message = message
                $0.result = result
            }, at: now)
    }

    mutating func answerRegistration(_ id: UInt64, interval: Duration = .seconds(30)) -> [AgentAction] {
        answer(id, result: .register(.with { $0.heartbeatIntervalMs = UInt32(interval / .milliseconds(1)) }))
    }

    mutating func answerHeartbeat(_ id: UInt64, interval: Duration = .zero, inFull: Bool = false) -> [AgentAction] {
        answer(
            id,
            result: .heartbeat(
                .with {
                    $0.heartbeatIntervalMs = UInt32(interval / .milliseconds(1))
                    $0.reportInFull = inFull
                }))
    }

    mutating func notice(_ kind: WireNotice.OneOf_Kind) -> [AgentAction] {
        answer(0, result: .notice(.with { $0.kind = kind }))
    }

    /// Through dial and registration, with this interval.
    mutating func register(interval: Duration = .seconds(30)) {
        _ = start()
        let id = connected().requests.first?.id ?? 0
        _ = answerRegistration(id, interval: interval)
    }
}

extension [AgentAction] {
    /// The requests among them.
    var requests: [WireRequest] { compactMap { if case .send(let request) = $0 { request } else { nil } } }
    var heartbeats: [WireHeartbeatRequest] {
        requests.compactMap { if case .heartbeat(let beat) = $0.method { beat } else { nil } }
    }
    var events: [AgentEvent] { compactMap { if case .tell(let event) = $0 { event } else { nil } } }
    /// The delay until the next attempt, if one was told.
    var delay: Duration? { events.compactMap { if case .nextAttempt(let delay) = $0 { delay } else { nil } }.first }
}

extension WireServiceReport {
    static func scout(_ state: WireServiceState) -> WireServiceReport {
        .with {
            $0.name = "InMage Scout Application Service"
            $0.state = state
        }
    }
    static func sentinel(_ state: WireServiceState) -> WireServiceReport {
        .with {
            $0.name = "svagents"
            $0.state = state
        }
    }
}
