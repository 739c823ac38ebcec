using Mimir.Router.Files;

namespace Mimir.Router.Policies.Audit;

/// <summary>Where the chain ends in a file.</summary>
/// <param name="Link">The last whole line; null when there is none.</param>
/// <param name="TornBytes">Bytes behind it that are no line: what a crash in the middle of a write leaves, or the zeros that a power cut makes of it.</param>
/// <param name="TornDigest">Their digest; empty when there are none.</param>
/// <param name="EndsLine">Whether the file ends with a line feed, or is empty.</param>
internal sealed record AuditTail(AuditLink? Link, long TornBytes, string TornDigest, bool EndsLine)
{
    private const int Window = 2 * AuditChain.MostLineBytes;

    /// <summary>Reads it.</summary>
    /// <param name="file">The file.</param>
    /// <param name="path">Its path, for errors.</param>
    /// <param name="most">How far back a line is looked for in a file that begins like a log, in bytes; a window at least.</param>
    /// <exception cref="IOException">The file holds something else than a log, or no line of it can be read.</exception>
    public static AuditTail Read(ILogFile file, string path, long most)
    {
        var length = file.Length;
        var bytes = new byte[(int)Math.Min(length, Window)];
        var (endsLine, isZero) = (true, true);

        // The windows overlap by a line: one that is cut by the beginning of this is whole in the next.
        for (var end = length; end > 0;)
        {
            var start = Math.Max(0, end - bytes.Length);
            var read = bytes.AsSpan(0, file.Read(start, bytes.AsSpan(0, (int)(end - start))));
            isZero &= !read.ContainsAnyExcept((byte)0);
            if (end == length)
            {
                endsLine = read.EndsWith("\n"u8);
            }
            else
            {
                read = read[..(read.LastIndexOf((byte)'\n') + 1)];
            }

            if (TryFind(read, start == 0, out var link, out var behind))
            {
                return Behind(file, link, start + behind, length, endsLine);
            }

            if (start == 0 && (isZero || (IsBeginning(bytes) && (length <= Window || !endsLine))))
            {
                return Behind(file, null, 0, length, endsLine);
            }

            if (start == 0 || length - start >= most || !MayBeLog(file))
            {
                throw new IOException($"'{path}' does not end like an audit log. Move it away, or name another file (audit.path)");
            }

            end = start + AuditChain.MostLineBytes;
        }

        return new AuditTail(null, 0, "", true);
    }

    /// <summary>Finds the last line of a part of the file.</summary>
    /// <param name="read">The part.</param>
    /// <param name="isWhole">Whether a line begins where it does.</param>
    /// <param name="link">What binds it.</param>
    /// <param name="behind">Where what is no line begins.</param>
    private static bool TryFind(ReadOnlySpan<byte> read, bool isWhole, out AuditLink link, out int behind)
    {
        for (behind = read.Length; behind > 0;)
        {
            var line = read[..behind];
            line = line[^1] == '\n' ? line[..^1] : line;
            var start = line.LastIndexOf((byte)'\n') + 1;

            // A line whose line feed alone is missing is whole.
            if ((start > 0 || isWhole) && AuditChain.TryRead(line[start..], out link))
            {
                return true;
            }

            behind = start;
        }

        link = default;
        return false;
    }

    private static AuditTail Behind(ILogFile file, AuditLink? link, long from, long length, bool endsLine)
    {
        if (from == length)
        {
            return new AuditTail(link, 0, "", endsLine);
        }

        using var digest = new AuditDigest();
        var bytes = new byte[(int)Math.Min(length - from, Window)];
        for (var at = from; at < length;)
        {
            var read = file.Read(at, bytes.AsSpan(0, (int)Math.Min(bytes.Length, length - at)));
            if (read == 0)
            {
                throw new IOException("the audit log was cut while it was read");
            }

            digest.Add(bytes.AsSpan(0, read));
            at += read;
        }

        return new AuditTail(link, length - from, digest.Value, endsLine);
    }

    private static bool MayBeLog(ILogFile file)
    {
        Span<byte> first = stackalloc byte[1];
        return file.Read(0, first) == 1 && first[0] is (byte)'{' or 0;
    }

    private static bool IsBeginning(ReadOnlySpan<byte> bytes) => bytes[..Math.Min(bytes.Length, AuditChain.Head.Length)].SequenceEqual(AuditChain.Head[..Math.Min(bytes.Length, AuditChain.Head.Length)]);
}
