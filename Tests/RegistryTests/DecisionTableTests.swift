import ErrorCatalogue
import Registry
import Testing

@Suite("Decision table")
struct DecisionTableTests {
    @Test("every code that can be raised has a row, and every row's code is catalogued with its severity")
    func coverage() {
        for code in ErrorCode.allCases {
            let rows = DecisionTable.rows(for: code)
            #expect(!rows.isEmpty, "\(code.rawValue) is never raised")
            #expect(rows.map(\.severity).max() == Catalogue.entry(for: code).severity, "\(code.rawValue)")
        }
    }

    @Test("every silence of every role is decided")
    func silences() {
        for role in Role.allCases {
            for ending in Ending.allCases {
                for neighbours in Neighbours.allCases {
                    let row = DecisionTable.row(
                        for: Circumstances(topic: .reachability, role: role, ending: ending, neighbours: neighbours))
                    #expect(row?.code.topic == .reachability, "\(role) \(ending) \(neighbours)")
                }
            }
        }
    }

    @Test("a stopped or missing service is decided; a running, changing or unknown one is not")
    func services() {
        for kind in ServiceKind.allCases {
            for state in ServiceState.allCases {
                for startType in StartType.allCases {
                    let row = DecisionTable.row(
                        for: Circumstances(
                            topic: .service, role: .mobilityAgent, service: kind, serviceState: state,
                            startType: startType))
                    let isWrong = state == .stopped || state == .notInstalled
                    #expect((row != nil) == isWrong, "\(kind) \(state) \(startType)")
                    if let row { #expect(row.code.topic == .service) }
                }
            }
        }
    }

    @Test("no row is hidden by an earlier one")
    func reachableRows() {
        var decided: Set<String> = []
        func decide(_ circumstances: Circumstances) {
            if let row = DecisionTable.row(for: circumstances) { decided.insert(row.name) }
        }
        for role in Role.allCases {
            for ending in Ending.allCases {
                for neighbours in Neighbours.allCases {
                    for probe in ProbeAnswer.allCases {
                        decide(
                            Circumstances(
                                topic: .reachability, role: role, ending: ending, neighbours: neighbours, probe: probe))
                    }
                }
            }
            decide(Circumstances(topic: .reachability, role: role, ending: .reset, attempt: .certificateExpired))
        }
        for kind in ServiceKind.allCases {
            for state in ServiceState.allCases {
                for startType in StartType.allCases {
                    for clock in OwnClock.allCases {
                        decide(
                            Circumstances(
                                topic: .service, role: .mobilityAgent, service: kind, serviceState: state,
                                startType: startType, ownClock: clock))
                    }
                }
            }
        }
        for kind in FactorKind.allCases { decide(Circumstances(topic: .reachability, factor: kind)) }
        for kind in ComponentKind.allCases { decide(Circumstances(topic: .component, component: kind)) }
        for reason in AttemptReason.allCases { decide(Circumstances(topic: .admission, attempt: reason)) }
        decide(Circumstances(topic: .admission, attempt: .serverNotTrusted, level: .critical))
        for level in Severity.allCases { decide(Circumstances(topic: .clock, level: level)) }
        decide(Circumstances(topic: .clock, factor: .fleet))
        for topic in [Topic.version, .certificate, .failover, .store, .selfSuspicion, .serverClock, .serverLoad] {
            decide(Circumstances(topic: topic))
        }
        for kind in FactorKind.allCases { decide(Circumstances(topic: .flapping, factor: kind)) }
        for kind in ServiceKind.allCases { decide(Circumstances(topic: .flapping, service: kind)) }
        for ending in Ending.allCases {
            for level in [Severity.warning, .critical] {
                decide(Circumstances(topic: .flapping, role: .mobilityAgent, ending: ending, level: level))
            }
        }
        for twin in TwinKind.allCases { decide(Circumstances(topic: .identity, twin: twin)) }
        for level in Severity.allCases {
            decide(Circumstances(topic: .serverCertificate, level: level))
            decide(Circumstances(topic: .serverCertificate, attempt: .certificateExpired, level: level))
            decide(Circumstances(topic: .serverIdentity, level: level))
        }
        for level in [Severity.warning, .information] { decide(Circumstances(topic: .hardware, level: level)) }
        for change in MachineChange.allCases { decide(Circumstances(topic: .change, change: change)) }
        for neighbours in [Neighbours.someAnswer, .noneAnswers] {
            decide(Circumstances(topic: .dataPath, neighbours: neighbours))
            decide(Circumstances(topic: .dataPath, neighbours: neighbours, factor: .processServer))
        }
        let hidden = DecisionTable.rows.map(\.name).filter { !decided.contains($0) }
        #expect(hidden.isEmpty)
    }

    @Test("every failure to get in is decided, and no passer-by is", arguments: AttemptReason.allCases)
    func attempts(reason: AttemptReason) {
        let row = DecisionTable.row(for: Circumstances(topic: .admission, attempt: reason))
        #expect((row != nil) == reason.isFailure)
        if let row { #expect(row.code.topic == .admission) }
    }

    @Test("every row says when it applies, why, and what to do, in both languages, with the same open places")
    func texts() {
        func places(_ text: String) -> Set<String> {
            Set(
                text.split(separator: "{", omittingEmptySubsequences: false).dropFirst().map {
                    String($0.prefix { $0 != "}" })
                })
        }
        func isHan(_ text: String) -> Bool { text.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) } }
        #expect(Set(DecisionTable.rows.map(\.name)).count == DecisionTable.rows.count)
        for row in DecisionTable.rows {
            #expect(!row.pattern.description.isEmpty, "\(row.name)")
            let steps = [row.remedy.linux, row.remedy.windows, row.remedy.other]
            #expect(steps.allSatisfy { !$0.isEmpty }, "\(row.name)")
            for phrase in [row.title, row.likelyCause] + steps.flatMap(\.self) {
                #expect(!phrase.english.isEmpty && !phrase.traditionalChinese.isEmpty, "\(row.name)")
            }
            for phrase in [row.title, row.likelyCause, row.otherCause] + steps.flatMap(\.self) {
                #expect(places(phrase.english) == places(phrase.traditionalChinese), "\(row.name): \(phrase.english)")
                let bare = phrase.english.replacing(/\{[a-z_]+\}/, with: "")
                if bare.contains(where: \.isLetter) { #expect(isHan(phrase.traditionalChinese), "\(phrase.english)") }
                #expect(!isHan(phrase.english))
            }
        }
        for statement in Sentence.allCases {
            let phrase = statement.phrase
            #expect(places(phrase.english) == places(phrase.traditionalChinese), "\(statement)")
            #expect(!phrase.traditionalChinese.isEmpty)
        }
        for (name, phrase) in Vocabulary.terms {
            #expect(!phrase.english.isEmpty && !phrase.traditionalChinese.isEmpty, "\(name)")
        }
    }

    @Test("no finding shows an open placeholder")
    func filled() {
        var registry = Registry.withNodes(3)
        for (number, loss) in [(1, .reset), (2, .timedOut)] as [(UInt64, ConnectionLoss)] {
            _ = registry.connectionLost(session(number), loss, at: t0)
        }
        _ = registry.reported(
            session(3), services: [report(scout, .notInstalled), report("cxps", .stopped)], load: nil, at: t0)
        _ = registry.storeFailed(reason: "disk full", at: t0)
        _ = registry.tick(at: t0 + .seconds(90))
        let findings = registry.activeFindings()
        #expect(findings.count == 5)
        for finding in findings {
            for text in [finding.title, finding.likelyCause, finding.otherCause] + finding.remedy {
                #expect(!text.contains("{") && !text.contains("}"), "\(text)")
            }
        }
    }
}

@Suite("Error catalogue")
struct CatalogueTests {
    @Test("every code says everything in both languages, point by point", arguments: ErrorCode.allCases)
    func bothLanguages(code: ErrorCode) {
        let entry = Catalogue.entry(for: code)
        #expect(entry.code == code)
        let english = entry.text(in: .english)
        let chinese = entry.text(in: .traditionalChinese)
        for text in [english, chinese] {
            #expect(!text.title.isEmpty && !text.meaning.isEmpty)
            #expect(!text.causes.isEmpty && !text.remedies.isEmpty && !text.evidence.isEmpty)
        }
        #expect(english.causes.count == chinese.causes.count)
        #expect(english.remedies.count == chinese.remedies.count)
        #expect(english.evidence.count == chinese.evidence.count)
        func isHan(_ text: String) -> Bool { text.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) } }
        let all = [chinese.title, chinese.meaning] + chinese.causes + chinese.remedies + chinese.evidence
        for text in all { #expect(isHan(text), "\(text)") }
        for text in [english.title, english.meaning] + english.causes { #expect(!isHan(text), "\(text)") }
    }

    @Test("every term has its word in both languages, and no word stands for two terms", arguments: Language.allCases)
    func terms(language: Language) {
        let names = Term.allCases.map { $0.name(in: language) }
        #expect(names.allSatisfy { !$0.isEmpty })
        #expect(Set(names).count == names.count)
    }

    @Test("a code is found by its name, a number by all its variants")
    func names() {
        #expect(
            ErrorCode.codes(named: "95226") == [
                .noContact, .applicationServiceNotRunning, .failoverOverdue, .agentElsewhere,
            ])
        #expect(ErrorCode.codes(named: "95226B") == [.applicationServiceNotRunning])
        #expect(ErrorCode.codes(named: "806") == [.processServerSilent])
        #expect(ErrorCode.codes(named: "registry-not-writable") == [.registryNotWritable])
        #expect(ErrorCode.codes(named: "9522") == [])
    }

    @Test(
        "a language is known by its tag and by a locale's name",
        arguments: [
            ("en", .english), ("en_GB.UTF-8", .english), ("C", .english), ("zh-Hant", .traditionalChinese),
            ("zh_TW.UTF-8", .traditionalChinese), ("zh-Hant-HK", .traditionalChinese), ("zh_CN.UTF-8", nil),
            ("de", nil),
            ("", nil),
        ] as [(String, Language?)])
    func languages(tag: String, language: Language?) {
        #expect(Language(tag: tag) == language)
    }
}
