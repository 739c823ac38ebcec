using Mimir.Eras.Server;

namespace Mimir.Eras.Tools;

/// <summary>One task.</summary>
internal sealed class TaskRecord
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();

    public TaskRecord(Peer owner, int ttl)
    {
        Owner = owner;
        Ttl = ttl;
        Created = Updated = Now();
    }

    /// <summary>Its id.</summary>
    public string Id { get; } = "task-" + Guid.NewGuid().ToString("N");

    /// <summary>Whose it is.</summary>
    public Peer Owner { get; }

    /// <summary>How long it is kept, in milliseconds.</summary>
    public int Ttl { get; }

    /// <summary>When it began.</summary>
    public string Created { get; }

    /// <summary>When its status last changed.</summary>
    public string Updated { get; private set; }

    /// <summary>The status.</summary>
    public string Status { get; private set; } = "working";

    /// <summary>Ends when the task does.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Ends it.</summary>
    /// <returns>Whether it had not ended before.</returns>
    public bool End(string status)
    {
        lock (_gate)
        {
            if (Status != "working") return false;
            (Status, Updated) = (status, Now());
        }

        _ended.TrySetResult();
        return true;
    }

    private static string Now() => DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
