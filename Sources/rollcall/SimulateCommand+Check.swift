import Dashboard
import FleetSimulator
import Foundation
import RollcallProtocol

extension SimulateCommand {
    /// Asks the server which errors it raised since the start, and compares them with what the scenario expects.
    /// - Throws: `CommandFailure` if they differ, or the server does not answer.
    func compare(
        _ scenario: Scenario, _ plan: ScenarioPlan, _ fleet: SimulatedFleet, since start: Date
    ) throws {
        let server = try ServerConnection(
            to: .local(path: ServerPlace.socket(inData: place.path)), limit: .seconds(20))
        let answer = try asking { try server.errors(.with { $0.all = true }) }
        let begin = Int64((start.timeIntervalSince1970 * 1_000).rounded())
        let errors = answer.errors.filter { $0.raisedUnixMs >= begin }.map { ObservedError($0, since: begin) }
        let result = try ExpectationCheck(errors, against: scenario, plan, in: fleet, file: self.scenario ?? "")
        for line in result.faults { print("  \(line)") }
        let line = "\(result.met) of \(result.expected) expected errors right, \(result.unexpected) not expected"
        guard result.isPassed else { throw CommandFailure("\(line): NOT as it should be") }
        print("\(line): as it should be")
    }
}

extension ObservedError {
    fileprivate init(_ error: WireConnectivityError, since begin: Int64) {
        let scope: Expectation.Scope =
            switch error.scope {
            case .component: .service
            case .site: .site
            case .server: .server
            default: .node
            }
        self.init(
            code: error.code + error.variant, scope: scope, name: scope == .server ? "" : error.subject, service: nil,
            title: error.title, raisedAt: .milliseconds(error.raisedUnixMs - begin),
            clearedAt: error.clearedUnixMs == 0 ? nil : .milliseconds(error.clearedUnixMs - begin),
            likelyCause: error.likelyCause, remedy: error.remedy)
    }
}
