using Mimir.Router.Model;
using Mimir.Router.State;

namespace Mimir.Router.Upstreams.Lifecycle;

/// <summary>What becomes of a server when one of its connections is opened, fails or breaks: its state, and whether it may be started again. Thread-safe.</summary>
/// <param name="pool">The server.</param>
/// <param name="budget">Bounds the processes of all servers.</param>
internal sealed class PoolLife(ServerPool pool, ProcessBudget budget)
{
    private const long NoisyPerMinute = 60;
    private const long MinuteMs = 60_000;
    private readonly StartLedger? _ledger = pool.Model.Transport is StdioModel ? new StartLedger(pool.Model.MaxStarts, pool.Clock) : null;
    private long _minute;
    private long _garbage;
    private bool _isNoisy;
    private bool _isUnwell;

    private UpstreamLife Life => pool.State.Life;

    /// <summary>How long no attempt is made, in milliseconds, because too many came to nothing.</summary>
    public long BarredForMs => _ledger?.BarredForMs ?? 0;

    private bool HasProcesses => pool.Model.Transport is StdioModel;

    /// <summary>Admits an attempt, which takes room for a process; <see cref="Free"/> gives it back when it has failed, or what it opened is gone.</summary>
    /// <returns>Why no attempt may be made now; null when one may.</returns>
    public ConnectFailure? Admit() => Barred() ?? (HasProcesses ? Full(budget.Take()) : null);

    /// <summary>Why no attempt may be made now; null when one may.</summary>
    public ConnectFailure? HoldsBack() => Barred() ?? (HasProcesses ? Full(budget.Objection) : null);

    /// <summary>What an attempt started, or was about to start, is gone.</summary>
    public void Free()
    {
        if (HasProcesses)
        {
            budget.Free();
        }
    }

    /// <summary>An attempt begins.</summary>
    public void Began() => Life.Apply(LifeTrigger.Begin, pool.State.Generation, "it is needed");

    /// <summary>A connection was opened.</summary>
    public void Opened(UpstreamConnection connection)
    {
        pool.State.LastError = "";
        pool.State.Generation++;
        Life.Apply(LifeTrigger.Open, pool.State.Generation, $"it speaks {connection.Handshake.Revision.Name}");
        pool.Health.Meet();
        Checked(pool.Health.IsWell, pool.Health.LastFailure);
    }

    /// <summary>An attempt failed.</summary>
    /// <param name="slot">For whom it was made.</param>
    /// <param name="failure">How.</param>
    public void Failed(ConnectionSlot slot, ConnectFailure failure)
    {
        if (!failure.IsOutage)
        {
            // Where only silence or death speaks for the other era, pauses are long enough as they are; and what lacks room is no fault of its own.
            return;
        }

        if (failure.CannotStart)
        {
            _ledger?.GiveUp();
        }
        else
        {
            _ledger?.Failed(slot);
        }
    }

    /// <summary>No attempt is under way any more, no connection is open, and this is why.</summary>
    public void Conclude(ConnectFailure failure, ProcessEnd? end)
    {
        if (failure.IsHeldBack)
        {
            return;
        }

        pool.State.LastError = failure.Message;
        var trigger = failure.NeedsAuth ? LifeTrigger.Refuse : BarredForMs > 0 ? LifeTrigger.GiveUp : LifeTrigger.Fail;
        Life.Apply(trigger, pool.State.Generation, failure.Message, end);
    }

    /// <summary>Attempts ended in nothing that says anything of the server.</summary>
    public void Rejoin() => Life.Apply(LifeTrigger.Leave, pool.State.Generation, "nothing was opened");

    /// <summary>A connection is gone.</summary>
    /// <param name="slot">For whom it was opened.</param>
    /// <param name="connection">The connection.</param>
    /// <param name="isLast">True when no other is open.</param>
    public void Gone(ConnectionSlot slot, UpstreamConnection connection, bool isLast)
    {
        if (connection.WasStopped)
        {
            if (isLast)
            {
                var rested = slot.Rested(connection);
                Life.Apply(
                    rested ? LifeTrigger.Rest : LifeTrigger.Leave, pool.State.Generation,
                    rested ? "nobody used it (idleTimeout)" : "nobody needs it now");
            }

            return;
        }

        var isLoop = _ledger?.Failed(slot, slot.StoodMs) ?? false;
        if (isLast)
        {
            Life.Apply(isLoop ? LifeTrigger.GiveUp : LifeTrigger.Lose, pool.State.Generation, connection.CloseReason, connection.ProcessEnd);
        }
    }

    /// <summary>Once a minute: a server that writes much that is no message is not well.</summary>
    public void Look(long now)
    {
        if (now - _minute < MinuteMs)
        {
            return;
        }

        var garbage = pool.State.Counts.Garbage;
        var more = garbage - _garbage;
        (_minute, _garbage) = (now, garbage);
        var wasNoisy = _isNoisy;
        _isNoisy = more >= NoisyPerMinute;
        if (_isNoisy)
        {
            Life.Apply(LifeTrigger.Worsen, pool.State.Generation, $"it wrote {more} lines within a minute that are no messages");
        }
        else if (wasNoisy && !_isUnwell)
        {
            Life.Apply(LifeTrigger.Recover, pool.State.Generation, "it writes messages again");
        }
    }

    /// <summary>It was asked whether it is well.</summary>
    /// <param name="isWell">What came of it.</param>
    /// <param name="failure">Why it is not.</param>
    public void Checked(bool isWell, string failure)
    {
        if (!isWell)
        {
            _isUnwell = true;
            Life.Apply(LifeTrigger.Worsen, pool.State.Generation, failure);
        }
        else if (_isUnwell)
        {
            _isUnwell = false;
            if (!_isNoisy)
            {
                Life.Apply(LifeTrigger.Recover, pool.State.Generation, "it is well again");
            }
        }
    }

    /// <summary>The operator wants it to be started, whatever was before.</summary>
    public void Forgive() => _ledger?.Forget();

    private ConnectFailure? Barred()
    {
        var name = pool.Model.Name;
        if (!Life.IsOffered)
        {
            return Held($"Server '{name}' {(Life.Status == UpstreamStatus.Quarantined ? "is quarantined" : "was stopped")}: {Life.History[^1].Reason}.");
        }

        if (BarredForMs is > 0 and var left)
        {
            var why = pool.State.LastError.Length > 0 ? " " + pool.State.LastError : "";
            return Held($"Server '{name}' has failed and is tried again in {(left + 999) / 1000} s.{why}");
        }

        return null;
    }

    private ConnectFailure? Full(string? objection) => objection is null
        ? null
        : Held($"Server '{pool.Model.Name}' is not started: {objection}. Raise that, let idle ones go (idleTimeout), or share them (sharing).");

    private static ConnectFailure Held(string message) => new(message) { IsHeldBack = true };
}
