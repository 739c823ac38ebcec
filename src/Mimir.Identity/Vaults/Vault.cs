using System.Collections.Immutable;
using System.Security.Cryptography;
using Mimir.Router.Files;
using Mimir.Router.Model.Credentials;

namespace Mimir.Identity.Vaults;

/// <summary>
/// One file of secrets, encrypted. Nothing is kept open or in memory between two calls. Safe for any thread and any number of
/// processes: one at a time changes it, and who reads gets what was there before a change or after it.
/// </summary>
public sealed class Vault
{
    private readonly VaultPlace _place;
    private readonly TimeProvider _time;
    private readonly IDisk _disk;
    private readonly KeyRing _keys;

    /// <summary>Names a vault; nothing is opened yet.</summary>
    /// <param name="place">Where it is.</param>
    /// <param name="time">The clock.</param>
    /// <param name="disk">What it is saved with; null for the disk itself.</param>
    public Vault(VaultPlace place, TimeProvider time, IDisk? disk = null)
    {
        ArgumentNullException.ThrowIfNull(place);
        ArgumentNullException.ThrowIfNull(time);
        _place = place;
        _time = time;
        _disk = disk ?? SystemDisk.Instance;
        _keys = new KeyRing(place, _disk);
    }

    /// <summary>Reads all secrets; none where there is no file.</summary>
    /// <exception cref="VaultException">It cannot be read.</exception>
    public ImmutableSortedDictionary<string, VaultEntry> Read()
    {
        if (ReadFile() is not { } file)
        {
            return ImmutableSortedDictionary.Create<string, VaultEntry>(StringComparer.Ordinal);
        }

        using var key = _keys.Find();
        return Open(file, key);
    }

    /// <summary>Sets a secret, new or not. When this returns it is on the disk.</summary>
    /// <param name="name">See <see cref="CredentialNames"/>.</param>
    /// <param name="value">See <see cref="VaultLimits"/>.</param>
    /// <param name="cancellationToken">Gives up waiting for others who change it.</param>
    /// <exception cref="VaultException">It was not set, and what was there before is.</exception>
    public Task SetAsync(string name, string value, CancellationToken cancellationToken)
    {
        VaultLimits.Check(_place.File, name, value);
        return ChangeAsync(
            entries =>
            {
                var next = entries.SetItem(name, new VaultEntry(value, _time.GetUtcNow()));
                return next.Count > VaultLimits.MostEntries || next.Sum(e => (long)e.Key.Length + System.Text.Encoding.UTF8.GetByteCount(e.Value.Value)) > VaultLimits.MostBytes
                    ? throw VaultLimits.Refused(_place.File, $"it holds at most {VaultLimits.MostEntries} secrets and {VaultLimits.MostBytes >> 20} MiB", "Remove some first")
                    : next;
            },
            cancellationToken);
    }

    /// <summary>Removes a secret. When this returns true it is gone from the file; what the disk keeps of files before is the disk's own.</summary>
    /// <returns>False when there is none of that name.</returns>
    /// <exception cref="VaultException">It was not removed.</exception>
    public async Task<bool> RemoveAsync(string name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!File.Exists(_place.File))
        {
            return false;
        }

        var found = false;
        await ChangeAsync(
            entries =>
            {
                found = entries.ContainsKey(name);
                return entries.Remove(name);
            },
            cancellationToken).ConfigureAwait(false);
        return found;
    }

    private async Task ChangeAsync(
        Func<ImmutableSortedDictionary<string, VaultEntry>, ImmutableSortedDictionary<string, VaultEntry>> change, CancellationToken cancellationToken)
    {
        try
        {
            DurableFile.MakeFolder(_disk, Path.GetDirectoryName(_place.File)!, DurableFile.PrivateFolder);
            using var held = await VaultLock.TakeAsync(_place.File, _time, cancellationToken).ConfigureAwait(false);
            var file = ReadFile();
            using var key = file is null ? _keys.FindOrMake() : _keys.Find();
            var entries = file is null ? ImmutableSortedDictionary.Create<string, VaultEntry>(StringComparer.Ordinal) : Open(file, key);
            var next = change(entries);
            if (!ReferenceEquals(next, entries))
            {
                Save(next, key);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VaultException(
                VaultTrouble.NotSaved,
                new CredentialFault(_place.File, $"could not be saved: {e.Message.TrimEnd('.')}", "Mend that and try again; mimir secret list shows what is there"),
                e);
        }
    }

    private void Save(ImmutableSortedDictionary<string, VaultEntry> entries, VaultKey key)
    {
        var text = VaultText.Write(entries);
        try
        {
            DurableFile.Save(_disk, _place.File, VaultSeal.Seal(text, key), DurableFile.Private);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    private ImmutableSortedDictionary<string, VaultEntry> Open(byte[] file, VaultKey key)
    {
        switch (VaultSeal.Judge(file, key))
        {
            case SealVerdict.Newer:
                throw Unreadable("was written by a newer Mimir", "Use that one");
            case SealVerdict.OtherKey:
                throw Unreadable(
                    "was sealed with another key",
                    $"Give the key that it was made with ({CredentialNames.KeyVariable}, {VaultPlace.KeyFileVariable} or {_place.KeyFile}); without it, take the file away and set every secret again");
            case SealVerdict.Damaged:
                throw Damaged();
        }

        var text = VaultSeal.Open(file, key) ?? throw Damaged();
        try
        {
            return VaultText.Read(text) ?? throw Damaged();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    private byte[]? ReadFile()
    {
        try
        {
            using var stream = new FileStream(_place.File, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            if (stream.Length > VaultSeal.MostBytes)
            {
                throw Damaged();
            }

            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable($"cannot be read ({e.GetType().Name})", "Give this user the right to read it, and check the disk it is on", e);
        }
    }

    private VaultException Damaged() => Unreadable(
        "is damaged, or no vault: not every byte of it is as it was written",
        "Bring a copy back; without one, take the file away and set every secret again. It is not overwritten");

    private VaultException Unreadable(string message, string remedy, Exception? cause = null) =>
        new(VaultTrouble.Unreadable, new CredentialFault(_place.File, message, remedy), cause);
}
