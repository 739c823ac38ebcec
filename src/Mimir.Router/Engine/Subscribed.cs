namespace Mimir.Router.Engine;

/// <summary>What was subscribed to over one connection, as far as its server agreed. Thread-safe.</summary>
internal sealed class Subscribed
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _made = new(StringComparer.Ordinal);
    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);
    private Task _last = Task.CompletedTask;
    private Task? _queued;
    private bool _lacks;
    private int _epoch;

    /// <summary>True when there is something to take back one day, or to ask for again.</summary>
    public bool IsToBeSwept
    {
        get
        {
            lock (_gate)
            {
                return _made.Count > 0 || _lacks;
            }
        }
    }

    /// <summary>Runs something once what runs has ended; at most one waits, and stands for all that come while it does.</summary>
    public Task InTurn(Func<Subscribed, Task> run)
    {
        lock (_gate)
        {
            return _queued ??= _last = RunAsync(_last, run);
        }
    }

    /// <summary>What is wanted and was not made; and what was made and is wanted no more, which is forgotten.</summary>
    /// <param name="wanted">All that is wanted now.</param>
    /// <returns>And the epoch in which this holds.</returns>
    public (IReadOnlyList<string> More, IReadOnlyList<string> Less, int Epoch) Compare(IReadOnlySet<string> wanted)
    {
        lock (_gate)
        {
            List<string> less = [.. _made.Where(u => !wanted.Contains(u))];
            _made.ExceptWith(less);
            _refused.IntersectWith(wanted);
            _lacks = false;
            return ([.. wanted.Where(u => !_made.Contains(u))], less, _epoch);
        }
    }

    /// <summary>Notes what became of a subscription.</summary>
    /// <param name="uri">The resource, as the server names it.</param>
    /// <param name="epoch">The epoch in which it was asked for.</param>
    /// <param name="agreed">Whether the server agreed; null when it did not answer.</param>
    public void Note(string uri, int epoch, bool? agreed)
    {
        lock (_gate)
        {
            if (epoch != _epoch)
            {
                return;
            }

            _lacks |= agreed is null;
            _ = agreed == true && _made.Add(uri);
            _ = agreed == false ? _refused.Add(uri) : _refused.Remove(uri);
        }
    }

    /// <summary>Tells whether the server refused a resource when it was last asked.</summary>
    public bool IsRefused(string uri)
    {
        lock (_gate)
        {
            return _refused.Contains(uri);
        }
    }

    /// <summary>Forgets everything: the server does so, too.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _epoch++;
            _made.Clear();
            _refused.Clear();
        }
    }

    /// <summary>Yields at first, so that whoever asked has let go of the lock.</summary>
    private async Task RunAsync(Task before, Func<Subscribed, Task> run)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate)
        {
            _queued = null;
        }

        await run(this).ConfigureAwait(false);
    }
}
