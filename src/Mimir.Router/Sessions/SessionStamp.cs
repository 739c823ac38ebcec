using System.Text;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Revisions;
using Mimir.Router.State;

namespace Mimir.Router.Sessions;

/// <summary>What modern requests say of one legacy client, made once. Immutable.</summary>
/// <param name="Revision">The revision of the requests.</param>
/// <param name="Level">The log level they want.</param>
/// <param name="Profile">What the client can do.</param>
/// <param name="Members">The members of <c>_meta</c>, without braces.</param>
internal sealed record SessionStamp(Revision Revision, string Level, ClientProfile Profile, byte[] Members)
{
    /// <summary>Makes one.</summary>
    public static SessionStamp Make(Revision revision, string level, ClientProfile profile, ReadOnlySpan<byte> info)
    {
        byte[] said = info.IsEmpty ? [] : [(byte)'"', .. MetaKeys.ClientInfo, .. "\":"u8, .. info, (byte)','];
        byte[] members =
        [
            (byte)'"', .. MetaKeys.ProtocolVersion, .. "\":\""u8, .. revision.Utf8Name, .. "\","u8, .. said,
            (byte)'"', .. MetaKeys.ClientCapabilities, .. "\":"u8, .. profile.Modern.Span, .. ",\""u8, .. MetaKeys.LogLevel, .. "\":\""u8,
            .. Encoding.ASCII.GetBytes(level), (byte)'"',
        ];
        return new SessionStamp(revision, level, profile, members);
    }
}
