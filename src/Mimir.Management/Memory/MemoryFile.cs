using System.Buffers;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Mimir.Router.Files;
using Mimir.Router.Model;

namespace Mimir.Management.Memory;

/// <summary>
/// Texts in a file that several processes share. What is saved is on the disk before it is answered, wherever a process is killed or the
/// power is cut; a line that such an end has damaged is told and kept. Stateless: every call reads the file. Thread-safe.
/// </summary>
/// <param name="path">Full path of the file.</param>
/// <param name="limits">How much it may hold.</param>
/// <param name="disk">What it is done with.</param>
/// <param name="time">The clock.</param>
internal sealed class MemoryFile(string path, MemoryModel limits, ILogDisk disk, TimeProvider time)
{
    /// <summary>The file whose lock whoever writes holds.</summary>
    public string LockPath => path + ".lock";

    /// <summary>Everything that is kept, oldest first. Waits for nobody.</summary>
    /// <exception cref="MemoryException">The file cannot be read.</exception>
    public IReadOnlyList<MemoryLine> Read()
    {
        try
        {
            return Load(isWhole: false)?.Lines ?? [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failure("It could not be read", e);
        }
    }

    /// <summary>Saves a text.</summary>
    /// <returns>What is kept.</returns>
    /// <exception cref="MemoryException">It was not saved.</exception>
    public Task<MemoryEntry> SaveAsync(string content, ImmutableArray<string> tags, CancellationToken cancellationToken)
    {
        CheckSize(content);
        return LockedAsync(
            "It was not saved",
            () =>
            {
                var loaded = Load(isWhole: true);
                var lines = loaded?.Lines ?? [];
                var kept = lines.Count(static line => line.Entry is not null);
                if (kept >= limits.MaxEntries)
                {
                    throw new MemoryException($"It was not saved: the memory is full, with {kept} of {limits.MaxEntries} entries (memory.maxEntries). Delete some with memory_delete.");
                }

                var now = time.GetUtcNow();
                var entry = new MemoryEntry(NewId(lines), content, tags, now, now);
                var line = MemoryText.Write(entry);
                var length = (loaded?.Length ?? MemoryText.Head.Length) + line.Length + 2;
                CheckRoom(length, "It was not saved");
                if (loaded is null)
                {
                    Replace([new MemoryLine(line, entry)]);
                }
                else
                {
                    Append(loaded, line);
                }

                return entry;
            },
            cancellationToken);
    }

    /// <summary>Puts another text in the place of one.</summary>
    /// <returns>What is kept; null when there is none of that id.</returns>
    /// <exception cref="MemoryException">It was not changed.</exception>
    public Task<MemoryEntry?> UpdateAsync(string id, string content, CancellationToken cancellationToken)
    {
        CheckSize(content);
        return ChangeAsync(id, entry => entry with { Content = content, Updated = time.GetUtcNow() }, "It was not changed", cancellationToken);
    }

    /// <summary>Takes a text away: nothing of it is left in the file.</summary>
    /// <returns>What was kept; null when there is none of that id.</returns>
    /// <exception cref="MemoryException">It was not taken away.</exception>
    public Task<MemoryEntry?> DeleteAsync(string id, CancellationToken cancellationToken) =>
        ChangeAsync(id, static _ => null, "It was not deleted", cancellationToken);

    private Task<MemoryEntry?> ChangeAsync(string id, Func<MemoryEntry, MemoryEntry?> change, string undone, CancellationToken cancellationToken) => LockedAsync(
        undone,
        () =>
        {
            var lines = Load(isWhole: true)?.Lines ?? [];
            var at = lines.FindIndex(line => line.Entry?.Id == id);
            if (at < 0)
            {
                return null;
            }

            var before = lines[at].Entry!;
            var after = change(before);
            if (after is null)
            {
                lines.RemoveAt(at);
            }
            else
            {
                lines[at] = new MemoryLine(MemoryText.Write(after), after);
                CheckRoom(MemoryText.Head.Length + lines.Sum(static line => line.Bytes.Length + 1), undone);
            }

            Replace(lines);
            return after ?? before;
        },
        cancellationToken);

    private async Task<T> LockedAsync<T>(string undone, Func<T> act, CancellationToken cancellationToken)
    {
        try
        {
            DurableFile.MakeFolder(disk, Path.GetDirectoryName(path)!, DurableFile.PrivateFolder);
            using var held = await FileLock.TakeAsync(LockPath, time, cancellationToken).ConfigureAwait(false)
                ?? throw new MemoryException($"{undone}: another Mimir has held the memory for {FileLock.Patience.TotalSeconds:0} s. Try again.", $"{LockPath} is held by another process");
            return act();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failure(undone, e);
        }
    }

    private Loaded? Load(bool isWhole)
    {
        if (new FileInfo(path) is { LinkTarget: not null })
        {
            throw new IOException($"'{path}' is a link, which is not followed");
        }

        if (!Path.Exists(path))
        {
            return null;
        }

        using var handle = RegularFile.TryOpen(path) ?? throw new IOException($"'{path}' is not a file");
        var length = RandomAccess.GetLength(handle);

        // A file that holds more, because more was allowed before, is read as well.
        if (length > Math.Max(limits.MaxBytes, 64 << 20))
        {
            throw new IOException($"'{path}' has {length} bytes, more than are read. Move it away");
        }

        var bytes = new byte[length];
        var read = 0;
        for (int more; read < bytes.Length && (more = RandomAccess.Read(handle, bytes.AsSpan(read), read)) > 0;)
        {
            read += more;
        }

        try
        {
            return new Loaded(read, read > 0 && bytes[read - 1] == '\n', MemoryText.Read(bytes.AsMemory(0, read), isWhole));
        }
        catch (FormatException e)
        {
            throw new IOException($"'{path}' {e.Message}. Move it away, or name another file (memory.path)", e);
        }
    }

    private void Append(Loaded loaded, byte[] line)
    {
        var bytes = new ArrayBufferWriter<byte>(line.Length + 2);
        if (!loaded.EndsLine)
        {
            // What a crash in the middle of a write has left stays a line of its own.
            bytes.Write("\n"u8);
        }

        bytes.Write(line);
        bytes.Write("\n"u8);
        using var file = disk.OpenLog(path, DurableFile.Private);
        try
        {
            file.Write(loaded.Length, bytes.WrittenSpan);
            file.Flush();
        }
        catch (IOException)
        {
            try
            {
                // What was not answered as saved is not to be there.
                file.Cut(loaded.Length);
            }
            catch (IOException)
            {
                // A part of a line is a damaged one, which the next writer keeps apart.
            }

            throw;
        }
    }

    private void Replace(List<MemoryLine> lines)
    {
        var bytes = new ArrayBufferWriter<byte>();
        bytes.Write(MemoryText.Head);
        foreach (var line in lines)
        {
            bytes.Write(line.Bytes.Span);
            bytes.Write("\n"u8);
        }

        DurableFile.Save(disk, path, bytes.WrittenSpan, DurableFile.Private);
    }

    private void CheckSize(string content)
    {
        var bytes = Encoding.UTF8.GetByteCount(content);
        if (bytes > limits.MaxEntryBytes)
        {
            throw new MemoryException($"The content has {bytes} bytes, more than {limits.MaxEntryBytes} (memory.maxEntryBytes). Shorten it, or save it in parts.");
        }
    }

    private void CheckRoom(long length, string undone)
    {
        if (length > limits.MaxBytes)
        {
            throw new MemoryException($"{undone}: the memory is full, for it would have {length} of {limits.MaxBytes} bytes (memory.maxBytes). Delete some of it with memory_delete.");
        }
    }

    private static MemoryException Failure(string undone, Exception e)
    {
        // ENOSPC and EDQUOT; ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL of Windows. What is told of a flush has words alone.
        var isFull = (e.HResult & 0xFFFF) is 28 or 122 or 112 or 39
            || e.Message.Contains("No space left", StringComparison.Ordinal) || e.Message.Contains("may not grow so large", StringComparison.Ordinal);
        return new MemoryException(
            isFull ? $"{undone}: the disk of the router is full, or its quota used up. Nothing that was saved before is lost."
            : $"{undone}: the file of the memory cannot be used ({e.GetType().Name}). The log of the router says why.",
            $"memory: {undone.ToLowerInvariant()}: {e.Message}");
    }

    private static string NewId(List<MemoryLine> lines)
    {
        while (true)
        {
            var id = RandomNumberGenerator.GetHexString(12, lowercase: true);
            if (!lines.Exists(line => line.Entry?.Id == id))
            {
                return id;
            }
        }
    }

    private sealed record Loaded(long Length, bool EndsLine, List<MemoryLine> Lines);
}
