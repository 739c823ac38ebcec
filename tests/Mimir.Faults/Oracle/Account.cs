using System.Collections.Concurrent;
using System.Diagnostics;
using Mimir.Faults.Matrix;

namespace Mimir.Faults.Oracle;

/// <summary>What became of every call of one cell.</summary>
internal sealed class Account(Cell cell, int seed)
{
    private const int MostWords = 12;
    private static readonly int s_kinds = Enum.GetValues<Wrong>().Length;
    private readonly int[] _wrongs = new int[s_kinds];
    private readonly ConcurrentQueue<string> _words = new();
    private readonly ConcurrentQueue<string> _notes = new();
    private readonly ConcurrentQueue<double> _afterStrike = new();
    private readonly ConcurrentQueue<double> _overheads = new();
    private readonly ConcurrentDictionary<string, string> _answered = new();
    private readonly ConcurrentDictionary<string, string> _claimed = new();
    private readonly ConcurrentDictionary<string, bool> _drawn = new();
    private readonly Random _random = new(seed);
    private readonly Lock _gate = new();
    private int _sent, _beside, _ok, _errors, _gone, _strikes, _open, _mostOpen;
    private double _latest = double.MinValue, _slowestBack;
    private long _struck;

    /// <summary>Which cell.</summary>
    public Cell Cell { get; } = cell;

    public int Sent => _sent;

    /// <summary>Calls but those that are only compared with.</summary>
    public int Made => _sent - _beside;

    /// <summary>The most that were open at a time.</summary>
    public int MostOpen => _mostOpen;

    public int Ok => _ok;

    public int Errors => _errors;

    public int Gone => _gone;

    /// <summary>How often the fault came.</summary>
    public int Strikes => _strikes;

    /// <summary>The most that a call ended after its deadline, in ms; negative when all were early.</summary>
    public double Latest => _sent == 0 || _latest == double.MinValue ? 0 : _latest;

    /// <summary>The longest a server took to be of use again, in ms.</summary>
    public double SlowestBack => _slowestBack;

    /// <summary>From a strike to the errors of the calls that were open then, in ms.</summary>
    public IReadOnlyCollection<double> AfterStrike => _afterStrike;

    /// <summary>What calls took besides what they were made to, in ms.</summary>
    public IReadOnlyCollection<double> Overheads => _overheads;

    /// <summary>How long the cell took.</summary>
    public TimeSpan Took { get; set; }

    /// <summary>What is left of resources, in words.</summary>
    public string Resources { get; set; } = "";

    /// <summary>What else was measured, in words.</summary>
    public IEnumerable<string> Notes => _notes;

    /// <summary>Whether its router has ended, as it may.</summary>
    public bool HasLostRouter { get; set; }

    /// <summary>The router's last words, when something is wrong.</summary>
    public string RouterWords { get; set; } = "";

    /// <summary>Everything that is wrong.</summary>
    public int Wrongs => _wrongs.Sum();

    /// <summary>The first of it, in words.</summary>
    public IEnumerable<string> Words => _words;

    public int Of(Wrong wrong) => _wrongs[(int)wrong];

    /// <summary>A random number below a bound.</summary>
    public int Next(int below)
    {
        lock (_gate) return _random.Next(below);
    }

    /// <summary>One of several.</summary>
    public T Pick<T>(IReadOnlyList<T> of) => of[Next(of.Count)];

    /// <summary>128 random bits.</summary>
    public string Nonce()
    {
        Span<byte> bytes = stackalloc byte[16];
        lock (_gate) _random.NextBytes(bytes);
        var nonce = Convert.ToHexStringLower(bytes);
        _drawn[nonce] = true;
        return nonce;
    }

    /// <summary>Arguments that are easily changed by whoever writes them anew.</summary>
    public string Padding()
    {
        lock (_gate) return Functional.Oracle.Pad.Next(_random);
    }

    /// <summary>New servers, which have seen nothing yet: what was said of those before was compared with what they did.</summary>
    public void Begin()
    {
        _answered.Clear();
        _claimed.Clear();
    }

    /// <summary>The fault comes now.</summary>
    public void Strike()
    {
        Interlocked.Increment(ref _strikes);
        Interlocked.Exchange(ref _struck, Stopwatch.GetTimestamp());
    }

    /// <summary>A call is made.</summary>
    /// <param name="isBeside">Whether it is not one of those that the cell has to make.</param>
    public void Send(bool isBeside)
    {
        Interlocked.Increment(ref _sent);
        if (isBeside) Interlocked.Increment(ref _beside);
        lock (_gate) _mostOpen = Math.Max(_mostOpen, ++_open);
    }

    /// <summary>A call is not waited for any more.</summary>
    public void Leave()
    {
        lock (_gate) _open--;
    }

    /// <summary>A call has its answer.</summary>
    public void Answer(string nonce, string server, double? overheadMs)
    {
        Interlocked.Increment(ref _ok);
        if (nonce.Length > 0) _answered[nonce] = server;
        if (overheadMs is { } ms) _overheads.Enqueue(ms);
    }

    /// <summary>A call has its error.</summary>
    public void Refuse(string nonce, string what, bool saysItDidNotRun, long began)
    {
        Interlocked.Increment(ref _errors);
        if (saysItDidNotRun) _claimed[nonce] = what;

        // A call that was not sent yet is no call of the server's that has gone: it waits for its return, as one that comes later.
        var struck = Interlocked.Read(ref _struck);
        if (!saysItDidNotRun && struck > began && (Cell.Phase is Phase.InFlight or Phase.Streaming)) _afterStrike.Enqueue(Stopwatch.GetElapsedTime(struck).TotalMilliseconds);
    }

    public void Break() => Interlocked.Increment(ref _gone);

    /// <summary>A call ended so long after its deadline, or before it.</summary>
    public void End(TimeSpan late)
    {
        lock (_gate) _latest = Math.Max(_latest, late.TotalMilliseconds);
    }

    /// <summary>A server is of use again.</summary>
    public void Back(TimeSpan after)
    {
        lock (_gate) _slowestBack = Math.Max(_slowestBack, after.TotalMilliseconds);
    }

    /// <summary>Something that was measured.</summary>
    public void Note(string what) => _notes.Enqueue(what);

    /// <summary>Something that must not be.</summary>
    public Ending Fault(Wrong wrong, string what)
    {
        Interlocked.Increment(ref _wrongs[(int)wrong]);
        if (_words.Count < MostWords) _words.Enqueue($"{wrong}: {what}");
        return Ending.Bad;
    }

    /// <summary>Compares what ran with what was said of it.</summary>
    /// <param name="effects">Nonces that a server entered, as often as it did.</param>
    /// <param name="server">Which.</param>
    public void Settle(IReadOnlyDictionary<string, int> effects, string server)
    {
        foreach (var (nonce, times) in effects)
        {
            if (times > 1 && _drawn.ContainsKey(nonce)) Fault(Wrong.Duplicate, $"ran {times} times at {server}: {nonce}");
        }

        foreach (var (nonce, what) in _claimed)
        {
            if (effects.ContainsKey(nonce)) Fault(Wrong.Error, $"said to have certainly not run, and ran: {what}");
        }

        foreach (var (nonce, where) in _answered.Where(a => a.Value == server))
        {
            if (effects.GetValueOrDefault(nonce) == 0) Fault(Wrong.Misdelivered, $"answered by {where}, which never saw it: {nonce}");
        }
    }
}
