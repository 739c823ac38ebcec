using System.Collections.Concurrent;

namespace Mimir.Functional.Oracle;

/// <summary>What became of every call of a run.</summary>
internal sealed class Tally
{
    private readonly ConcurrentQueue<string> _faults = new();
    private readonly ConcurrentDictionary<(string Server, int Pid, int Count), string> _entries = new();
    private readonly ConcurrentDictionary<string, bool> _touched = new();
    private int _sent, _answered, _canceled, _progress, _updates, _questions, _lost, _duplicated, _misdelivered, _corrupted;

    /// <summary>The first faults, in words.</summary>
    public IEnumerable<string> Faults => _faults;

    /// <summary>Faults of every kind.</summary>
    public int FaultCount => _lost + _duplicated + _misdelivered + _corrupted;

    /// <summary>Calls sent.</summary>
    public int Sent => _sent;

    /// <summary>Calls answered.</summary>
    public int Answered => _answered;

    /// <summary>Calls canceled by the caller.</summary>
    public int CanceledCalls => _canceled;

    /// <summary>Progress notifications that reached their owner.</summary>
    public int ProgressSeen => _progress;

    /// <summary>Resource updates that reached their subscriber.</summary>
    public int UpdatesSeen => _updates;

    /// <summary>Questions whose answers came back to who asked.</summary>
    public int QuestionsAnswered => _questions;

    public void Send() => Interlocked.Increment(ref _sent);

    public void Answer() => Interlocked.Increment(ref _answered);

    public void Cancel() => Interlocked.Increment(ref _canceled);

    public void Progress() => Interlocked.Increment(ref _progress);

    public void Question(int count) => Interlocked.Add(ref _questions, count);

    public void Update() => Interlocked.Increment(ref _updates);

    /// <summary>No answer, an error in its place, or news that never came.</summary>
    public void Lost(string what) => Fault(ref _lost, "lost: " + what);

    /// <summary>Answered or executed twice.</summary>
    public void Duplicated(string what) => Fault(ref _duplicated, "duplicated: " + what);

    /// <summary>Another's answer or news.</summary>
    public void Misdelivered(string what) => Fault(ref _misdelivered, "mis-delivered: " + what);

    /// <summary>Arguments that arrived as other bytes.</summary>
    public void Corrupted(string what) => Fault(ref _corrupted, "corrupted: " + what);

    /// <summary>Enters a ledger entry; the same entry for two calls is a fault.</summary>
    public void Enter(string server, int pid, int count, string nonce)
    {
        if (!_entries.TryAdd((server, pid, count), nonce)) Duplicated($"entry {count} of {server} for {nonce} and {_entries[(server, pid, count)]}");
    }

    /// <summary>Notes that a resource was updated by a call that was answered.</summary>
    public void Touch(string uri) => _touched[uri] = true;

    /// <summary>Whether any answered call updated a resource.</summary>
    public bool Touched(string uri) => _touched.ContainsKey(uri);

    /// <inheritdoc/>
    public override string ToString() =>
        $"{_sent} calls, {_answered} answered, {_canceled} canceled, {_progress} progress, {_updates} updates, {_questions} questions: "
        + $"{_lost} lost, {_duplicated} duplicated, {_misdelivered} mis-delivered, {_corrupted} corrupted";

    private void Fault(ref int counter, string what)
    {
        Interlocked.Increment(ref counter);
        if (_faults.Count < 40) _faults.Enqueue(what);
    }
}
