internal import ErrorCatalogue
internal import EventLoop

/// What a registration would take on this path, from what was measured. Pure.
enum RegistrationFindings {
    /// TCP one round trip, TLS 1.3 one more (1.2: two), the registration itself one.
    static func check(
        connect: Duration?, handshake: Duration?, version: String, roundTrip: Duration, at address: SocketAddress
    ) -> Check? {
        guard let connect, let handshake else { return nil }
        let trips = version == "TLSv1.2" ? 4 : 3
        let total = connect + handshake + roundTrip
        return Check(
            .registration, at: address, .passed, nil,
            Phrase(
                "\(trips) round trips, about \(total.inWords) (TCP \(connect.inWords), TLS \(handshake.inWords), "
                    + "request \(roundTrip.inWords)), and the server's write to disk",
                "來回 \(trips) 次，約 \(total.inWords)（TCP \(connect.inWords)、TLS \(handshake.inWords)、要求 "
                    + "\(roundTrip.inWords)），另加伺服器寫入磁碟"))
    }
}
