namespace Mimir.Router.State;

/// <summary>One thing that happened and is kept, see <see cref="IRecorder"/>.</summary>
public abstract class TrailRecord
{
    /// <summary>When, on the wall clock; set by who keeps it.</summary>
    public DateTimeOffset At { get; set; }
}
