using System.Collections.Immutable;
using Mimir.Configuration.Plugins;
using Mimir.Configuration.Sources;
using Mimir.Router.Model.Credentials;

namespace Mimir.Configuration.Watching;

/// <summary>
/// Reads the configuration again when one of its files was added, changed or removed. A change counts once nothing has changed for
/// <see cref="Every"/> and no file is open for writing (Linux tells), so that a file that is being written is not read; a save of several files is one
/// change. Files are looked at rather than waited for: that works on every file system, mounted ones included.
/// </summary>
public sealed class ConfigWatch : IAsyncDisposable
{
    private readonly ConfigLocation _location;
    private readonly IEnvironment _environment;
    private readonly TimeProvider _time;
    private readonly ICredentialSource? _vault;
    private readonly PluginMemory _memory;
    private readonly Action<ConfigResult> _read;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;
    private ImmutableArray<string> _besides = [];
    private ImmutableArray<string> _skills = [];
    private long _stoodSince;

    /// <summary>Begins. The first reading is told as well: files may have changed since whoever begins it read them.</summary>
    /// <param name="location">Where the configuration is.</param>
    /// <param name="environment">Where variables are looked up.</param>
    /// <param name="time">The clock.</param>
    /// <param name="read">Told what each reading came to, one at a time, with errors as without. Must not throw.</param>
    /// <param name="vault">Where secrets are kept; null for nowhere. Its files are looked at while a server refers to a secret.</param>
    /// <param name="memory">What plugins were when whoever begins it read them; null for nothing.</param>
    public ConfigWatch(ConfigLocation location, IEnvironment environment, TimeProvider time, Action<ConfigResult> read, ICredentialSource? vault = null, PluginMemory? memory = null)
    {
        ArgumentNullException.ThrowIfNull(location);
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(read);
        _location = location;
        _environment = environment;
        _time = time;
        _read = read;
        _vault = vault;
        _memory = memory ?? new PluginMemory();
        _watching = Task.Run(WatchAsync);
    }

    /// <summary>How often the files are looked at once one has changed.</summary>
    public static TimeSpan Every { get; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How often the files are looked at while nothing changes: each look wakes a machine that may be asleep otherwise.</summary>
    public static TimeSpan Seldom { get; } = TimeSpan.FromMilliseconds(400);

    /// <summary>How long a file is not read that stays open for writing without being written.</summary>
    public static TimeSpan LongestWriting { get; } = TimeSpan.FromSeconds(5);

    /// <summary>Ends; waits for a reading that is under way.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _watching.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task WatchAsync()
    {
        FileMarks? told = null;
        FileMarks? seen = null;
        using var clock = new PeriodicTimer(Every, _time);
        while (await NextAsync(clock).ConfigureAwait(false))
        {
            var now = FileMarks.Take(_location, _environment, _besides, _skills);
            if (now == told)
            {
                seen = null;
                Pace(clock, Seldom);
                continue;
            }

            Pace(clock, Every);

            if (now != seen)
            {
                seen = now;
                _stoodSince = _time.GetTimestamp();
                continue;
            }

            if (now.AreBeingWritten && _time.GetElapsedTime(_stoodSince) < LongestWriting)
            {
                continue;
            }

            ConfigResult result;
            try
            {
                result = ConfigLoader.Load(_location, _environment, _vault, _memory);
            }
            catch (Exception e)
            {
                // A fault of ours, in whatever these files hold: the next change may be without it, and watching goes on.
                result = ConfigResult.Failed(_location.Path, e);
            }

            ImmutableArray<string> besides = [.. result.SecretFiles, .. result.Plugins.Files, .. result.IncludePlaces];
            var isAll = besides.All(f => _besides.Contains(f, StringComparer.Ordinal));
            _besides = isAll ? _besides : besides;
            isAll &= result.Skills.Folders.SequenceEqual(_skills, StringComparer.Ordinal);
            _skills = result.Skills.Folders;
            if (FileMarks.Take(_location, _environment, _besides, _skills) is var after && (after != now || !isAll))
            {
                // It changed while it was read, or files belong to it that were not looked at before.
                seen = after;
                continue;
            }

            told = now;
            _read(result);
        }
    }

    private static void Pace(PeriodicTimer clock, TimeSpan period)
    {
        if (clock.Period != period)
        {
            clock.Period = period;
        }
    }

    private async ValueTask<bool> NextAsync(PeriodicTimer clock)
    {
        try
        {
            return await clock.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
