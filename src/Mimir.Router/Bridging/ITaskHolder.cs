using Mimir.Protocol.Envelopes;

namespace Mimir.Router.Bridging;

/// <summary>Whoever looks after a task at a legacy server for a client that does not do so itself.</summary>
internal interface ITaskHolder
{
    /// <summary>Takes a question of the server that belongs to the task.</summary>
    /// <returns>False when it cannot be brought to the client any more.</returns>
    bool TakeQuestion(ReadOnlySpan<byte> frame, in Envelope envelope);

    /// <summary>Takes what else came with the task's result while that was waited for.</summary>
    /// <returns>False when nobody wants it.</returns>
    bool Relate(ReadOnlySpan<byte> frame, in SpliceList splices);

    /// <summary>The server says that the task's status has changed.</summary>
    void StatusChanged();

    /// <summary>A wait for the task's result is over, with or without it. Called outside all locks.</summary>
    void Over(HeldResult held);
}
