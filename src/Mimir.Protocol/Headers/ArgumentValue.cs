namespace Mimir.Protocol.Headers;

/// <summary>Where in the arguments of a call a mirrored scalar stands; nowhere when its length is 0.</summary>
internal readonly record struct ArgumentValue(int Start, int Length)
{
    public ReadOnlySpan<byte> In(ReadOnlySpan<byte> arguments) => Length == 0 ? default : arguments.Slice(Start, Length);
}
