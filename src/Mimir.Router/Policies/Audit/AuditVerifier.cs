using System.Globalization;
using System.Text.Json;
using Mimir.Router.Files;

namespace Mimir.Router.Policies.Audit;

/// <summary>Looks through a log, line by line: whether each is what was written, and follows the one before.</summary>
public sealed class AuditVerifier : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(5), Patience = TimeSpan.FromSeconds(2);
    private readonly List<AuditProblem> _problems = [];
    private readonly AuditScrap _scrap = new();
    private AuditLink? _last;
    private long _records;
    private long _first;
    private int _torn;

    private AuditVerifier()
    {
    }

    /// <summary>Looks through it, as it is at this moment, from the oldest file that is kept.</summary>
    /// <param name="path">Full path of the log.</param>
    /// <param name="time">Measures how long a writer is waited for.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static async Task<AuditVerdict> RunAsync(string path, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(time);
        var files = await OpenAsync(path, time, cancellationToken).ConfigureAwait(false);
        try
        {
            using var verifier = new AuditVerifier();
            foreach (var (stream, length) in files)
            {
                verifier.Take(stream, length, isLast: stream == files[^1].Stream, cancellationToken);
            }

            return new AuditVerdict(
                [.. files.Select(static f => f.Stream.Name)], verifier._records, verifier._first, verifier._last?.Seq ?? 0, verifier._torn, verifier._problems);
        }
        finally
        {
            files.ForEach(static f => f.Stream.Dispose());
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _scrap.Dispose();

    /// <summary>Opens all files at one moment, between two writes: what comes later, and what is set aside meanwhile, changes nothing.</summary>
    private static async Task<List<(FileStream Stream, long Length)>> OpenAsync(string path, TimeProvider time, CancellationToken cancellationToken)
    {
        FileLock? held = null;
        for (var begun = time.GetTimestamp(); held is null && File.Exists(AuditNames.Lock(path)) && time.GetElapsedTime(begun) < Patience;)
        {
            held = FileLock.TryTake(AuditNames.Lock(path));
            if (held is null)
            {
                await Task.Delay(Every, time, cancellationToken).ConfigureAwait(false);
            }
        }

        using (held)
        {
            return AuditNames.Find(path).ConvertAll(static file =>
            {
                var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
                return (stream, stream.Length);
            });
        }
    }

    /// <summary>What a record says of the torn place before it.</summary>
    private static bool Declares(ReadOnlySpan<byte> line, string digest)
    {
        var reader = new Utf8JsonReader(line);
        var (isTorn, isDigest) = (false, false);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                var (change, after) = (reader.ValueTextEquals("change"u8), reader.ValueTextEquals("after"u8));
                reader.Read();
                isTorn |= change && reader.ValueTextEquals(AuditLog.Torn);
                isDigest |= after && reader.ValueTextEquals(digest);
            }
        }

        return isTorn && isDigest;
    }

    private void Take(FileStream stream, long length, bool isLast, CancellationToken cancellationToken)
    {
        var lines = new AuditLines(stream, length);
        var (number, begins) = (0, true);
        while (lines.TryRead(out var line))
        {
            cancellationToken.ThrowIfCancellationRequested();
            number += begins ? 1 : 0;
            if (begins && AuditChain.TryRead(line, out var link))
            {
                Follow(stream.Name, number, line, link);
            }
            else
            {
                _scrap.Add(stream.Name, number, line, lines.IsEnded);
            }

            begins = lines.IsEnded;
        }

        if (isLast && !_scrap.IsEmpty)
        {
            Note(_scrap.File, _scrap.Line, lines.IsEnded
                ? ("edited", $"{_scrap.Lines} at the end is not as it was written")
                : ("torn", "the last line has no end: what a crash leaves, or what somebody cut. The next record will say so"));
        }
    }

    private void Follow(string file, int number, ReadOnlySpan<byte> line, AuditLink link)
    {
        var expected = _last is { } last ? last.Seq + 1 : link.Seq == 1 ? 1 : link.Seq;
        var follows = _last is { } before ? link.Prev == before.Hash : link.Seq > 1 || link.Prev == AuditChain.None;
        if (!_scrap.IsEmpty)
        {
            if (follows && Declares(line, _scrap.Digest))
            {
                _torn++;
            }
            else
            {
                Note(_scrap.File, _scrap.Line, follows
                    ? ("inserted", $"{_scrap.Lines} that no Mimir wrote")
                    : ("edited", $"{_scrap.Lines} not as written, before record {Number(link.Seq)}"));
            }
        }
        else if (!follows || link.Seq != expected)
        {
            Note(file, number, link.Seq > expected ? ("removed", $"{Number(link.Seq - expected)} records before record {Number(link.Seq)} are missing")
                : link.Seq < expected ? ("inserted", $"record {Number(link.Seq)} stands where record {Number(expected)} should")
                : ("edited", $"record {Number(link.Seq)} does not follow the record that stands before it"));
        }

        _scrap.Clear();
        _records++;
        _first = _first == 0 ? link.Seq : _first;
        _last = link;
    }

    private void Note(string file, int line, (string Kind, string Text) what)
    {
        if (_problems.Count < AuditVerdict.MostProblems)
        {
            _problems.Add(new AuditProblem(file, line, what.Kind, what.Text));
        }
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
