using System.Buffers;
using System.Text;
using Mimir.Router.Files;
using Mimir.Router.Model;
using Mimir.Router.State;

namespace Mimir.Router.Policies.Audit;

/// <summary>
/// Adds records to the end of a log that other processes write as well: under a lock of its own, behind the line that is the last by then,
/// and into a new file when this one has grown too large. For one caller at a time.
/// </summary>
/// <param name="disk">Where the files are.</param>
/// <param name="line">Writes a record.</param>
/// <param name="time">Measures how long the lock is waited for, and dates what the writer says itself.</param>
internal sealed class AuditWriter(ILogDisk disk, AuditLine line, TimeProvider time)
{
    private const int MostChunk = 256 * 1024;
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(5), Patience = TimeSpan.FromSeconds(5);
    private readonly ArrayBufferWriter<byte> _chunk = new();
    private readonly byte[] _link = new byte[AuditChain.HashLength];
    private string? _stays;

    /// <summary>Writes.</summary>
    /// <param name="path">Full path of the log.</param>
    /// <param name="model">How it is kept.</param>
    /// <param name="records">What is written, oldest first. None: it is only seen whether something could be.</param>
    /// <returns>How many of them are kept, and why not all of them are.</returns>
    public async Task<AuditWritten> WriteAsync(string path, AuditModel model, IReadOnlyList<TrailRecord> records)
    {
        var written = 0;
        _stays = null;
        try
        {
            DurableFile.MakeFolder(disk, Path.GetDirectoryName(path)!, DurableFile.PrivateFolder);
            if (!File.Exists(AuditNames.Lock(path)))
            {
                // Nothing is put beside a file that is no log.
                using var file = disk.OpenLog(path, DurableFile.Private);
                _ = AuditTail.Read(file, path, model.MaxBytes);
            }

            using var held = await TakeAsync(AuditNames.Lock(path)).ConfigureAwait(false);
            do
            {
                written += WriteChunk(path, model, records, written);
            }
            while (written < records.Count);

            return new AuditWritten(written, null, _stays);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new AuditWritten(written, e.Message.TrimEnd('.'), _stays);
        }
    }

    private async Task<FileLock> TakeAsync(string path)
    {
        for (var begun = time.GetTimestamp(); ; await Task.Delay(Every, time).ConfigureAwait(false))
        {
            if (FileLock.TryTake(path) is { } held)
            {
                return held;
            }

            if (time.GetElapsedTime(begun) >= Patience)
            {
                throw new IOException($"another process has held '{path}' for {Patience.TotalSeconds:0} s");
            }
        }
    }

    /// <summary>Writes as much as goes into one file and one write.</summary>
    /// <returns>How many records that were: all are in the file by then, and on the disk where that is waited for.</returns>
    private int WriteChunk(string path, AuditModel model, IReadOnlyList<TrailRecord> records, int from)
    {
        using var file = from < records.Count ? OpenWithRoom(path, model) : disk.OpenLog(path, DurableFile.Private);
        var length = file.Length;
        var tail = AuditTail.Read(file, path, model.MaxBytes);
        var last = tail.Link ?? LastAside(path, model.MaxBytes);
        var seq = last?.Seq ?? 0;
        Encoding.ASCII.GetBytes(last?.Hash ?? AuditChain.None, _link);
        _chunk.ResetWrittenCount();
        if (!tail.EndsLine)
        {
            _chunk.Write("\n"u8);
        }

        if (tail.TornBytes > 0)
        {
            Add(new ChangeRecord(AuditLog.Torn) { At = time.GetUtcNow(), After = tail.TornDigest, Count = tail.TornBytes });
        }

        // A file that has no room and stays nevertheless takes a chunk at a time.
        var most = length < model.MaxBytes ? Math.Min(MostChunk, model.MaxBytes - length) : MostChunk;
        var count = 0;
        while (from + count < records.Count && (count == 0 || _chunk.WrittenCount < most))
        {
            Add(records[from + count]);
            count++;
        }

        if (_chunk.WrittenCount > 0 || model.Mode == AuditMode.Durable)
        {
            Put(file, path, length, model.Mode == AuditMode.Durable);
        }

        return count;

        void Add(TrailRecord record) => AuditChain.Write(line.Write(record, ++seq), _link, _chunk);
    }

    /// <summary>Opens the log, and a new one when it is full. Where that cannot be, the full one is gone on with.</summary>
    private ILogFile OpenWithRoom(string path, AuditModel model)
    {
        var file = disk.OpenLog(path, DurableFile.Private);
        try
        {
            // What is torn is said in the same file; what is no log is not moved.
            if (file.Length < model.MaxBytes || AuditTail.Read(file, path, model.MaxBytes).TornBytes > 0)
            {
                return file;
            }
        }
        catch
        {
            file.Dispose();
            throw;
        }

        file.Dispose();
        try
        {
            SetAside(path, model.Keep);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _stays = e.Message.TrimEnd('.');
        }

        return disk.OpenLog(path, DurableFile.Private);
    }

    /// <summary>One write. What of it got onto a full disk, or cannot be forced to it, is taken away again, since it is written once more.</summary>
    private void Put(ILogFile file, string path, long at, bool forces)
    {
        try
        {
            if (_chunk.WrittenCount > 0)
            {
                file.Write(at, _chunk.WrittenSpan);
            }

            if (forces)
            {
                file.Flush();
                if (at == 0)
                {
                    disk.FlushFolder(Path.GetDirectoryName(path)!);
                }
            }
        }
        catch (IOException)
        {
            try
            {
                file.Cut(at);
            }
            catch (IOException)
            {
                // A part of a line is found as torn by who writes next; a whole one stands there twice, which is better than not at all.
            }

            throw;
        }
    }

    /// <summary>The log has just been set aside, or its writer was ended right then: the chain goes on from there.</summary>
    private AuditLink? LastAside(string path, long most)
    {
        var aside = AuditNames.Aside(path, 1);
        if (!File.Exists(aside))
        {
            return null;
        }

        using var file = disk.OpenLog(aside, DurableFile.Private);
        return AuditTail.Read(file, aside, most).Link;
    }

    /// <summary>Moves each file on by one, up to the first gap, so that a writer that is ended in the middle loses none of them.</summary>
    private void SetAside(string path, int keep)
    {
        var last = 1;
        while (last < keep && File.Exists(AuditNames.Aside(path, last)))
        {
            last++;
        }

        for (var number = last; number > 1; number--)
        {
            disk.Rename(AuditNames.Aside(path, number - 1), AuditNames.Aside(path, number));
        }

        disk.Rename(path, AuditNames.Aside(path, 1));
        disk.FlushFolder(Path.GetDirectoryName(path)!);
        foreach (var old in AuditNames.Find(path))
        {
            if (AuditNames.NumberOf(path, old) > keep)
            {
                disk.Delete(old);
            }
        }
    }
}
