namespace Mimir.Protocol.Translation;

/// <summary>What is true of a <see cref="TaskPhase"/>, and how it is spelled.</summary>
public static class TaskPhases
{
    private static readonly TaskPhase[] Known = [TaskPhase.Working, TaskPhase.InputRequired, TaskPhase.Completed, TaskPhase.Failed, TaskPhase.Cancelled];

    /// <summary>True for a task that goes on.</summary>
    public static bool IsOpen(TaskPhase phase) => phase is TaskPhase.Working or TaskPhase.InputRequired;

    /// <summary>True for a task whose status does not change any more.</summary>
    public static bool IsEnd(TaskPhase phase) => phase is TaskPhase.Completed or TaskPhase.Failed or TaskPhase.Cancelled;

    /// <summary>Its spelling; empty for <see cref="TaskPhase.Unknown"/>.</summary>
    public static ReadOnlySpan<byte> NameOf(TaskPhase phase) => phase switch
    {
        TaskPhase.Working => "working"u8,
        TaskPhase.InputRequired => "input_required"u8,
        TaskPhase.Completed => "completed"u8,
        TaskPhase.Failed => "failed"u8,
        TaskPhase.Cancelled => "cancelled"u8,
        _ => default,
    };

    /// <summary>Finds one by its spelling, the inside of a JSON string.</summary>
    public static TaskPhase Find(ReadOnlySpan<byte> inside)
    {
        foreach (var phase in Known)
        {
            if (JsonBytes.TextIs(inside, NameOf(phase)))
            {
                return phase;
            }
        }

        return TaskPhase.Unknown;
    }
}
