using Mimir.Protocol.Revisions;
using Mimir.Router.Bridging;

namespace Mimir.Router.Engine;

/// <summary>What was negotiated with one server, and what of it reaches which clients.</summary>
/// <param name="Server">The server at this moment.</param>
/// <param name="Title">What the server calls itself, with its version; empty when it says nothing, or was never reached. Comes from outside.</param>
/// <param name="Capabilities">The JSON object of what it declares; empty when it was never reached. Comes from outside.</param>
/// <param name="Fates">For each revision of clients, what becomes of each feature; empty when it was never reached.</param>
/// <param name="AsksUnattributed">True once it asked something without saying for which call, so that modern clients' calls take turns.</param>
public sealed record ServerInspection(
    ServerSnapshot Server, string Title, ReadOnlyMemory<byte> Capabilities, IReadOnlyList<(Revision Client, IReadOnlyList<FeatureFate> Features)> Fates, bool AsksUnattributed);
