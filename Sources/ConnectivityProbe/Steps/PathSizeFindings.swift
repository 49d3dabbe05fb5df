internal import ErrorCatalogue
internal import EventLoop

/// What the sizes that pass mean. Pure.
enum PathSizeFindings {
    static func check(_ outcome: PathSizes.Outcome, at address: SocketAddress, took: Duration) -> Check {
        func line(_ state: CheckState, _ symptom: Symptom?, _ words: Phrase) -> Check {
            Check(.pathMTU, at: address, state, symptom, words, took: took)
        }
        let headers = SegmentSearch.headerBytes(isIPv6: address.family == .ipv6)
        switch outcome {
        case .passes(let figures):
            guard figures.pathBytes > 0 else {
                return line(
                    .unknown, nil, Phrase("not known: the other side ends the connection too soon", "無從得知：對方太早結束連線"))
            }
            let local = figures.pathBytes > PathSizes.greetingBytes
            return line(
                .passed, nil,
                local
                    ? Phrase(
                        "a greeting of \(PathSizes.greetingBytes) bytes passes (the path takes \(figures.pathBytes))",
                        "\(PathSizes.greetingBytes) 位元組的問候通得過（路徑容得下 \(figures.pathBytes)）")
                    : Phrase(
                        "packets of \(figures.pathBytes) bytes pass towards the server, "
                            + "the largest that came back had \(figures.receivedSegmentBytes + headers)",
                        "往伺服器 \(figures.pathBytes) 位元組的封包通得過，回來最大的有 \(figures.receivedSegmentBytes + headers) 位元組"))
        case .blackHole(let passing, let figures):
            let largest = passing + headers
            let vanishing = figures.pathBytes > largest ? figures.pathBytes : largest + 1
            let gap =
                figures.segmentsOutOfOrder > 0
                ? Phrase("; the server's small packets come, its large ones are missing", "；伺服器的小封包到了，大的不見了")
                : .nothing
            return line(
                .failed, .pathMTU,
                Phrase(
                    "packets of up to \(largest) bytes pass, larger ones (\(vanishing) here) vanish without a word",
                    "\(largest) 位元組以下的封包通得過，更大的（此處為 \(vanishing)）無聲消失") + gap)
        case .silent(let figures):
            guard let figures, figures.unconfirmedSegments == 0 else {
                return line(.unknown, nil, Phrase("not known: large or small, nothing is answered", "無從得知：不論大小，都沒有回答"))
            }
            return line(
                .passed, nil,
                Phrase(
                    "the other side confirms all \(max(0, figures.confirmedBytes - 1)) bytes of a large greeting, "
                        + "in packets of \(figures.pathBytes); it does not answer it",
                    "對方確認收到大型問候的全部 \(max(0, figures.confirmedBytes - 1)) 位元組（封包 \(figures.pathBytes) 位元組），但不回答"))
        case .byChance:
            return line(.unknown, nil, Phrase("not known: packets vanish by chance, not by size", "無從得知：封包隨機消失，與大小無關"))
        case .notMade: return line(.unknown, nil, Phrase("not known: it takes no second connection", "無從得知：它不接受第二個連線"))
        }
    }
}
