namespace Mimir.Router.State;

/// <summary>What a client is answered once its call is kept for good.</summary>
/// <param name="Bytes">The whole answer, or its result alone.</param>
/// <param name="IsResult">Whether it is the result alone.</param>
/// <param name="Error">The error instead of both, or null.</param>
internal sealed record HeldAnswer(byte[] Bytes, bool IsResult, RouterError? Error);
