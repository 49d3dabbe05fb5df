/// What a scenario's author says must be raised: an error about some machines, when at the latest, and why.
public struct Expectation: Equatable, Sendable {
    /// What an error is about.
    public enum Scope: String, Sendable, CaseIterable {
        /// One machine.
        case node
        /// One service of a machine.
        case service
        /// A site as a whole.
        case site
        /// Machines with something in common that is no site.
        case group
        /// An address from which somebody does not get in.
        case peer
        /// The configuration server itself.
        case server
    }

    /// Whose errors.
    public enum Machines: Equatable, Sendable {
        /// Those that a step hit, by its place in the file, from 1.
        case step(Int)
        /// Those that fit.
        case target(Scenario.Target)
    }

    /// The error's code: "806".
    public var error: String
    /// What it is about. About a site: one error for each site that the machines stand in.
    public var scope: Scope
    /// The machines.
    public var machines: Machines
    /// The service, for `.service`.
    public var service: String
    /// Raised at the latest, after the start.
    public var by: Duration
    /// Cleared at the latest, after the start; nil: not looked at.
    public var goneBy: Duration?
    /// Raised at most so often.
    public var times: Int
    /// Stands in the likely cause; empty: not looked at.
    public var cause: String
    /// Stands in the first step of the remedy; empty: not looked at.
    public var remedy: String
    /// Right if it is raised, and right if it is not.
    public var isOptional: Bool
    /// The line of the file, for messages.
    public var line: Int
}

extension Expectation {
    /// The indices of the machines in the fleet.
    /// - Throws: `ScenarioError` for a step that is not there, or machines that are not.
    func nodes(of plan: ScenarioPlan, in fleet: SimulatedFleet, file: String) throws(ScenarioError) -> [Int] {
        switch machines {
        case .step(let number):
            guard plan.nodesOfSteps.indices.contains(number - 1) else {
                throw ScenarioError(
                    file, line, "there is no step \(number); the file has \(plan.nodesOfSteps.count)")
            }
            return plan.nodesOfSteps[number - 1]
        case .target(let target):
            if target.isEmpty { return [] }
            let nodes = target.nodes(in: fleet, step: 0)
            guard !nodes.isEmpty else { throw ScenarioError(file, line, "\(target) fits no machine of this fleet") }
            return nodes
        }
    }
}
