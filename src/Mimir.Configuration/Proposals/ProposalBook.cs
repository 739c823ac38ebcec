using System.Security.Cryptography;
using System.Text.Json;
using Mimir.Configuration.Editing;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Sources;
using Mimir.Router.Files;
using Mimir.Router.Setup;

namespace Mimir.Configuration.Proposals;

/// <summary>
/// The changes that wait for the operator, a file each in a folder of the user's state that nobody else may enter. Tools write into it, and only
/// the operator's own commands carry out what stands there. Any number of processes may use it.
/// </summary>
/// <param name="folder">Full path of the folder, there or not.</param>
/// <param name="time">The clock.</param>
/// <param name="disk">What is saved with; null for the disk itself.</param>
public sealed class ProposalBook(string folder, TimeProvider time, IDisk? disk = null)
{
    /// <summary>Most that wait at a time.</summary>
    public const int Most = 32;

    /// <summary>Characters of a number.</summary>
    public const int IdLength = 6;

    private const int MostBytes = 64 << 10;
    private const string Suffix = ".json";

    // Without what is read as something else.
    private const string Letters = "abcdefghjkmnpqrstuvwxyz23456789";
    private readonly IDisk _disk = disk ?? SystemDisk.Instance;

    /// <summary>How long one waits: whoever confirms it is to remember what it was for.</summary>
    public static TimeSpan Lifetime { get; } = TimeSpan.FromDays(1);

    /// <summary>All that wait, oldest first. What cannot be read is none.</summary>
    public IReadOnlyList<Proposal> List() => Directory.Exists(folder)
        ? [.. Directory.GetFiles(folder, "*" + Suffix).Select(Read).OfType<Proposal>().Where(p => p.At + Lifetime > time.GetUtcNow()).OrderBy(p => p.At)]
        : [];

    /// <summary>One by its number; null when it does not wait.</summary>
    public Proposal? Find(string id) => List().FirstOrDefault(p => p.Id == id);

    /// <summary>Keeps a change. One that waits already is not kept a second time.</summary>
    /// <param name="location">The configuration that it would change.</param>
    /// <param name="change">What is wanted.</param>
    /// <param name="starts">What would be started.</param>
    /// <param name="cancellationToken">Gives up waiting for others.</param>
    /// <returns>Its number.</returns>
    /// <exception cref="ConfigEditException">It was not kept: too many wait, it is too large, or the disk would not take it.</exception>
    public async Task<string> AddAsync(ConfigLocation location, SetupChange change, IReadOnlyList<string> starts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(location);
        try
        {
            DurableFile.MakeFolder(_disk, folder, DurableFile.PrivateFolder);
            using var held = await FileLock.TakeAsync(Path.Combine(folder, ".lock"), time, cancellationToken).ConfigureAwait(false)
                ?? throw new ConfigEditException(EditTrouble.Busy, $"Another process holds {folder}. Try again.");
            Forget();
            var waiting = List();
            var proposal = new Proposal(NewId(), time.GetUtcNow(), location.Path, location.IsExplicit, change) { Starts = starts };
            var wanted = Write(proposal with { Id = "", At = default });
            if (waiting.FirstOrDefault(p => Write(p with { Id = "", At = default }).AsSpan().SequenceEqual(wanted)) is { } same)
            {
                return same.Id;
            }

            if (waiting.Count >= Most)
            {
                throw new ConfigEditException(EditTrouble.Refused, $"{Most} changes wait for the operator already. He sees them with: mimir approve");
            }

            var bytes = Write(proposal);
            if (bytes.Length > MostBytes)
            {
                throw new ConfigEditException(EditTrouble.Refused, $"The change is {bytes.Length} bytes long. At most {MostBytes} are kept.");
            }

            DurableFile.Save(_disk, PathOf(proposal.Id), bytes, DurableFile.Private);
            return proposal.Id;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigEditException(EditTrouble.NotSaved, $"It could not be kept for the operator: {e.Message.TrimEnd('.')}.", e);
        }
    }

    /// <summary>Takes one out, so that nobody else carries it out as well.</summary>
    /// <returns>False when somebody else has.</returns>
    /// <exception cref="IOException">It cannot be removed.</exception>
    public bool Take(Proposal proposal)
    {
        ArgumentNullException.ThrowIfNull(proposal);
        var path = PathOf(proposal.Id);
        var aside = path + ".taken";
        try
        {
            _disk.Rename(path, aside);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException || !File.Exists(path))
        {
            return false;
        }

        _disk.Delete(aside);
        _disk.FlushFolder(folder);
        return true;
    }

    private static byte[] Write(Proposal proposal) => JsonSerializer.SerializeToUtf8Bytes(proposal, ProposalJson.Default.Proposal);

    private static string NewId() => RandomNumberGenerator.GetString(Letters, IdLength);

    private static Proposal? Read(string path)
    {
        if (BoundedFile.Read(path, new IssueList()) is not { Count: <= MostBytes } bytes)
        {
            return null;
        }

        try
        {
            // The name of the file is the number, whatever stands in it.
            var id = Path.GetFileNameWithoutExtension(path);
            return JsonSerializer.Deserialize(bytes, ProposalJson.Default.Proposal) is { Change.Name: not null } proposal
                && id.Length == IdLength && id.All(Letters.Contains) ? proposal with { Id = id } : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private string PathOf(string id) => Path.Combine(folder, id + Suffix);

    private void Forget()
    {
        foreach (var path in Directory.GetFiles(folder, "*" + Suffix))
        {
            if (Read(path) is not { } proposal || proposal.At + Lifetime <= time.GetUtcNow())
            {
                _disk.Delete(path);
            }
        }
    }
}
