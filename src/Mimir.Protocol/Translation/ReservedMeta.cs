using Mimir.Protocol.Envelopes;

namespace Mimir.Protocol.Translation;

/// <summary>What modern requests carry in <c>params</c> and its <c>_meta</c> and legacy ones do not know (2026-07-28, section on requests).</summary>
internal static class ReservedMeta
{
    /// <summary>True on a key of <c>_meta</c> that says who asks, in which revision, and what it takes.</summary>
    public static bool Holds(in JsonMembers member) =>
        member.KeyIs(MetaKeys.ProtocolVersion) || member.KeyIs(MetaKeys.ClientCapabilities)
        || member.KeyIs(MetaKeys.ClientInfo) || member.KeyIs(MetaKeys.LogLevel);

    /// <summary>True on a key of <c>params</c> that answers what an earlier round asked for.</summary>
    public static bool IsRound(in JsonMembers member) => member.KeyIs("inputResponses"u8) || member.KeyIs("requestState"u8);
}
