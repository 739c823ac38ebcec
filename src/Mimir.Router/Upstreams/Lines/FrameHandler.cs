namespace Mimir.Router.Upstreams.Lines;

/// <summary>Takes one message. Borrowed: valid during the call.</summary>
public delegate void FrameHandler(ReadOnlySpan<byte> frame);
