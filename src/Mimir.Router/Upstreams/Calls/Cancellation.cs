using Mimir.Protocol.Envelopes;

namespace Mimir.Router.Upstreams.Calls;

/// <summary>The frames of <c>notifications/cancelled</c>, ready for their two values.</summary>
public static class Cancellation
{
    /// <summary>Without a reason.</summary>
    public static ReadOnlySpan<byte> Plain =>
        """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":}}"""u8;

    /// <summary>With a reason.</summary>
    public static ReadOnlySpan<byte> WithReason =>
        """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":,"reason":}}"""u8;

    /// <summary>Where the id goes, in both.</summary>
    public static ByteRange IdAt { get; } = new(Plain.Length - 2, 0);

    /// <summary>Where the reason goes.</summary>
    public static ByteRange ReasonAt { get; } = new(WithReason.Length - 2, 0);
}
