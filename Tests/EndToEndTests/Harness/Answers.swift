import Foundation

/// What `--json` prints, as far as the tests read it.
struct StatusAnswer: Decodable {
    var health: String
    var fleet: String
    var nodes: Int
    var connections: Int
    var heartbeats: UInt64
    var errors: [ErrorAnswer]
    var roles: [Tally]
    var homecoming: Homecoming?

    struct Tally: Decodable {
        var name: String
        var nodes: Int
        var reachable: Int
    }
    struct Homecoming: Decodable {
        var expected: Int
        var returned: Int
        var until: Date
    }

    var reachable: Int { roles.reduce(0) { $0 + $1.reachable } }
}

struct ErrorAnswer: Decodable {
    var id: UInt64
    var code: String
    var variant: String?
    var title: String
    var severity: String
    var scope: String
    var subject: String
    var raisedAt: Date
    var clearedAt: Date?
    var likelyCause: String?
    var remedy: [String]
    var clearedBecause: String?

    var name: String { code + (variant ?? "") }
}

struct ErrorsAnswer: Decodable { var errors: [ErrorAnswer] }

struct NodeAnswer: Decodable {
    var id: String
    var hostname: String
    var role: String
    var site: String
    var reachability: String
    var reachabilitySince: Date?
    var components: [Component]
    var services: [Service]
    var errorCodes: [String]
    var asked: [Fact]

    struct Component: Decodable {
        var connected: Bool
        var tlsVersion: String?
    }
    struct Fact: Decodable {
        var source: String
        var text: String
    }
    struct Service: Decodable {
        var report: Report
        struct Report: Decodable {
            var name: String
            var state: String
        }
    }
}

struct NodesAnswer: Decodable {
    var nodes: [NodeAnswer]
    var total: Int
}

struct NodeStoryAnswer: Decodable {
    var node: NodeAnswer
    var history: [Entry]
    struct Entry: Decodable {
        var at: Date
        var event: String
        var text: String
    }
}

enum Answers {
    /// Reads one document.
    /// - Throws: `DecodingError`.
    static func read<Answer: Decodable>(_ text: String, as kind: Answer.Type = Answer.self) throws -> Answer {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        decoder.dateDecodingStrategy = .custom { decoder in
            let text = try decoder.singleValueContainer().decode(String.self)
            return try Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        }
        return try decoder.decode(kind, from: Data(text.utf8))
    }
}
