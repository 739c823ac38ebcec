using Mimir.Router.Files;

namespace Mimir.Router.Policies.Audit;

/// <summary>Where the chain ends in a file.</summary>
/// <param name="Link">The last whole line; null when there is none.</param>
/// <param name="TornBytes">Bytes behind it that are no line: what a crash in the middle of a write leaves.</param>
/// <param name="TornDigest">Their digest; empty when there are none.</param>
/// <param name="EndsLine">Whether the file ends with a line feed, or is empty.</param>
internal sealed record AuditTail(AuditLink? Link, int TornBytes, string TornDigest, bool EndsLine)
{
    private const int Most = 2 * AuditChain.MostLineBytes;

    /// <summary>Reads it.</summary>
    /// <exception cref="IOException">The file holds something else than a log, or no line of it can be read.</exception>
    public static AuditTail Read(ILogFile file, string path)
    {
        var length = file.Length;
        if (length == 0)
        {
            return new AuditTail(null, 0, "", true);
        }

        var bytes = new byte[(int)Math.Min(length, Most)];
        var read = bytes.AsSpan(0, file.Read(length - bytes.Length, bytes));
        var endsLine = read[^1] == '\n';
        for (var end = read.Length; end > 0;)
        {
            var line = read[..end];
            line = line[^1] == '\n' ? line[..^1] : line;
            var start = line.LastIndexOf((byte)'\n') + 1;
            if (AuditChain.TryRead(line[start..], out var link))
            {
                // A line whose line feed alone is missing is whole.
                var torn = read[end..];
                return new AuditTail(link, torn.Length, torn.IsEmpty ? "" : AuditChain.DigestOf(torn.TrimEnd((byte)'\n')), endsLine);
            }

            end = start;
        }

        return length <= Most && IsBeginning(read)
            ? new AuditTail(null, read.Length, AuditChain.DigestOf(read.TrimEnd((byte)'\n')), endsLine)
            : throw new IOException($"'{path}' does not end like an audit log. Move it away, or name another file (audit.path)");
    }

    private static bool IsBeginning(ReadOnlySpan<byte> bytes) => bytes[..Math.Min(bytes.Length, AuditChain.Head.Length)].SequenceEqual(AuditChain.Head[..Math.Min(bytes.Length, AuditChain.Head.Length)]);
}
