using System.Collections.Concurrent;

namespace Mimir.Router.Bridging;

/// <summary>The calls that wait for their clients to come back. Thread-safe.</summary>
internal sealed class ParkedCalls(int most)
{
    private readonly ConcurrentDictionary<UInt128, ParkableCall> _calls = new();

    /// <summary>How many there are.</summary>
    public int Count => _calls.Count;

    /// <summary>Adds a call, or leaves it where it is.</summary>
    /// <returns>False when there are as many as there may be.</returns>
    public bool TryAdd(ParkableCall call) => _calls.ContainsKey(call.Handle) || (_calls.Count < most && _calls.TryAdd(call.Handle, call));

    /// <summary>Finds a call.</summary>
    public ParkableCall? Find(UInt128 handle) => _calls.GetValueOrDefault(handle);

    /// <summary>Forgets a call. Harmless when it is not there.</summary>
    public void Remove(ParkableCall call) => _calls.TryRemove(new KeyValuePair<UInt128, ParkableCall>(call.Handle, call));

    /// <summary>Gives up those whose clients did not come back in time.</summary>
    /// <param name="now">Milliseconds on the monotonic clock.</param>
    public void Sweep(long now)
    {
        foreach (var (_, call) in _calls)
        {
            if (call.ReturnBy <= now)
            {
                call.Abandon();
            }
        }
    }
}
