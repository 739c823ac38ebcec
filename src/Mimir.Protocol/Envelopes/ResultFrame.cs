namespace Mimir.Protocol.Envelopes;

/// <summary>Makes a whole response of a bare result by splicing what goes around it.</summary>
public static class ResultFrame
{
    /// <summary>Adds the replacements that turn the JSON of a result into a response.</summary>
    /// <param name="splices">Takes three insertions before the result and one behind it.</param>
    /// <param name="id">The caller's id token.</param>
    /// <param name="resultLength">Bytes of the result.</param>
    public static void Wrap(ref SpliceList splices, ReadOnlySpan<byte> id, int resultLength)
    {
        splices.Replace(default, "{\"jsonrpc\":\"2.0\",\"id\":"u8);
        splices.Replace(default, id);
        splices.Replace(default, ",\"result\":"u8);
        splices.Replace(new ByteRange(resultLength, 0), "}"u8);
    }
}
