// Services that do not run though their machine answers, and the server's own troubles.
extension DecisionTable {
    static let applicationServiceRows: [DecisionRow] = [
        DecisionRow(
            code: .applicationServiceNotRunning, severity: .critical,
            pattern: .init(topic: .service, service: .scoutApplicationService, states: [.notInstalled]),
            title: "{host}: {service} is not installed, though the machine answers",
            likelyCause: "the Mobility service on {host} is not installed, or not completely",
            otherCause: "the agent on {host} watches a service of another name",
            remedy: .init(
                linux: [
                    "on {host}: install the Mobility service again, so that {unit} exists",
                    "on {host}: systemctl enable {unit}", "on {host}: systemctl start {unit}",
                ],
                windows: [
                    "on {host}: install the Mobility service again",
                    "on {host}: in services.msc set {service} to Automatic and start it",
                ],
                other: ["on {host}: install the Mobility service again, and see that {service} runs"])),
        DecisionRow(
            code: .applicationServiceNotRunning, severity: .critical,
            pattern: .init(
                topic: .service, service: .scoutApplicationService, states: [.stopped],
                startTypes: [.disabled, .manual]),
            title: "{host}: {service} does not run, though the machine answers",
            likelyCause: "{service} was not started with the machine: its start type is {start_type}",
            otherCause: "somebody stopped it for maintenance",
            remedy: .init(
                linux: ["on {host}: systemctl enable {unit}", "on {host}: systemctl start {unit}"],
                windows: [
                    "on {host}: in services.msc set {service} to Automatic and start it",
                    "or on {host}, as administrator: sc config {windows_service} start= auto, "
                        + "then sc start {windows_service}",
                ],
                other: ["on {host}: have {service} start with the machine", "on {host}: start {service}"])),
        DecisionRow(
            code: .applicationServiceNotRunning, severity: .critical,
            pattern: .init(topic: .service, service: .scoutApplicationService, states: [.stopped]),
            title: "{host}: {service} does not run, though the machine answers",
            likelyCause: "{service} stopped or failed after the machine came up",
            otherCause: "it was never started after failover",
            remedy: .init(
                linux: [
                    "on {host}: systemctl start {unit}", "on {host}: systemctl enable {unit}",
                    "if it stops again, on {host}: journalctl -u {unit}",
                ],
                windows: [
                    "on {host}: in services.msc start {service} and see that its start type is Automatic",
                    "or on {host}, as administrator: sc start {windows_service}, "
                        + "then sc config {windows_service} start= auto",
                ],
                other: ["on {host}: start {service}", "on {host}: have it start with the machine"])),
    ]

    static let serviceRows: [DecisionRow] = [
        DecisionRow(
            code: .serviceNotRunning, severity: .warning,
            pattern: .init(topic: .service, service: .other, states: [.notInstalled]),
            title: "{host}: {service} is not installed",
            likelyCause: "{service} was removed, or never installed on {host}",
            otherCause: "the agent on {host} watches a service of another name",
            remedy: .init([
                "on {host}: install {service}, or correct the name in the agent's list of watched services"
            ])),
        DecisionRow(
            code: .serviceNotRunning, severity: .warning,
            pattern: .init(topic: .service, service: .other, states: [.stopped]),
            title: "{host}: {service} does not run",
            likelyCause: "{service} stopped, failed, or was not started with the machine (start type {start_type})",
            otherCause: "",
            remedy: .init(
                linux: [
                    "on {host}: systemctl start {unit}", "if it stops again, on {host}: journalctl -u {unit}",
                ],
                windows: [
                    "on {host}: in services.msc start {service}, or as administrator: sc start {windows_service}"
                ],
                other: ["on {host}: start {service}"])),
    ]

    static let selfRows: [DecisionRow] = [
        DecisionRow(
            code: .serverStalled, severity: .warning,
            pattern: .init(topic: .selfSuspicion),
            title: "{server}: the configuration server itself stood still for {lost}; nobody is judged for that time",
            likelyCause: "the server's process was stopped, or its machine had no processor time for it",
            otherCause: "the virtual machine was paused, moved or had its snapshot taken",
            remedy: .init([
                "on {server}: look at the machine's load, memory and swap, and at the hypervisor's log for that time",
                "nothing else: agents are heard again or come back by themselves, and this error is cleared then",
            ]))
    ]

    static let storeRows: [DecisionRow] = [
        DecisionRow(
            code: .registryNotWritable, severity: .critical,
            pattern: .init(topic: .store),
            title: "{server}: the registry cannot be written; registrations are refused",
            likelyCause: "{reason}",
            otherCause: "the disk is full, or its file system became read-only",
            remedy: .init([
                "on {server}: df -h and mount, for the file system of the data directory: free space, or mount it "
                    + "writable again",
                "nothing else: heartbeats and queries work meanwhile, and registrations are accepted again by themselves",
            ]))
    ]
}
