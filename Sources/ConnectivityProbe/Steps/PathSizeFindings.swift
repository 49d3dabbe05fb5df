internal import EventLoop

/// What the sizes that pass mean. Pure.
enum PathSizeFindings {
    static func check(_ outcome: PathSizes.Outcome, at address: SocketAddress, took: Duration) -> Check {
        func line(_ state: CheckState, _ symptom: Symptom?, _ words: String) -> Check {
            Check(.pathMTU, at: address, state, symptom, words, took: took)
        }
        let headers = SegmentSearch.headerBytes(isIPv6: address.family == .ipv6)
        switch outcome {
        case .passes(let figures):
            guard figures.pathBytes > 0 else {
                return line(.unknown, nil, "not known: the other side ends the connection too soon")
            }
            let local = figures.pathBytes > PathSizes.greetingBytes
            return line(
                .passed, nil,
                local
                    ? "a greeting of \(PathSizes.greetingBytes) bytes passes (the path takes \(figures.pathBytes))"
                    : "packets of \(figures.pathBytes) bytes pass towards the server, "
                        + "the largest that came back had \(figures.receivedSegmentBytes + headers)")
        case .blackHole(let passing, let figures):
            let largest = passing + headers
            let vanishing = figures.pathBytes > largest ? figures.pathBytes : largest + 1
            let gap =
                figures.segmentsOutOfOrder > 0 ? "; the server's small packets come, its large ones are missing" : ""
            return line(
                .failed, .pathMTU,
                "packets of up to \(largest) bytes pass, larger ones (\(vanishing) here) vanish without a word\(gap)")
        case .silent(let figures):
            guard let figures, figures.unconfirmedSegments == 0 else {
                return line(.unknown, nil, "not known: large or small, nothing is answered")
            }
            return line(
                .passed, nil,
                "the other side confirms all \(max(0, figures.confirmedBytes - 1)) bytes of a large greeting, "
                    + "in packets of \(figures.pathBytes); it does not answer it")
        case .byChance: return line(.unknown, nil, "not known: packets vanish by chance, not by size")
        case .notMade: return line(.unknown, nil, "not known: it takes no second connection")
        }
    }
}
