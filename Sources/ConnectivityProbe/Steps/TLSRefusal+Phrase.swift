internal import ErrorCatalogue
internal import SecureTransport

extension TLSRefusal {
    /// Its description, in both languages.
    var phrase: Phrase {
        let chinese =
            switch self {
            case .untrustedIssuer(let issuer): "憑證不受信任：簽發者是“\(issuer)”，不是這個機群的簽發機構"
            case .expired: "憑證已過期"
            case .notYetValid: "憑證尚未生效：請比對兩部機器的時鐘"
            case .revoked(let why): "憑證已撤銷：\(why)"
            case .wrongPurpose: "憑證是為別的用途簽發的"
            case .wrongName(let name): "憑證屬於 \(name.isEmpty ? "別的名稱" : name)"
            case .protocolVersion: "沒有共通的 TLS 版本：需要 TLS 1.2 以上"
            case .nothingInCommon: "沒有共通的加密套件、群組或簽章演算法"
            case .applicationProtocol: "沒有共通的應用協定（ALPN）"
            case .notTLS: "收到的不是 TLS"
            case .peerAlert(let alert): "對方拒絕：\(alert)"
            case .certificate(let reason): "憑證遭拒：\(reason)"
            }
        return Phrase("\(self)", chinese)
    }
}
