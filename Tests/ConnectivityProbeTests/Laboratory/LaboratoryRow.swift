import Testing

@testable import ConnectivityProbe

/// One broken network or server, and what the probe must make of it.
struct LaboratoryRow: Sendable, CustomTestStringConvertible {
    /// What is broken.
    var testDescription: String
    /// The verdict; nil: the path is fine.
    var verdict: Symptom?
    /// Verdicts that are as right.
    var orElse: [Symptom] = []
    /// Breaks it: bash, with the words of laboratory.sh.
    var breaking: String
    /// The probe's own words.
    var probing: String = "10.77.2.2"
    /// What its output must say, too.
    var saying: [String] = []
    /// Commands that it takes beside the laboratory's own.
    var needs: [String] = []
    /// Whether it waits on purpose: idle times.
    var mayTakeLong = false
    /// Whether it runs in every `make test`; the others do in `make laboratory`.
    var isQuick = false
}
