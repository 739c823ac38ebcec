namespace Mimir.Router.State;

/// <summary>Keeps what clients called and what was changed. Thread-safe; never waits for a disk.</summary>
public interface IRecorder
{
    /// <summary>Whether anything is kept.</summary>
    bool IsOn { get; }

    /// <summary>Asks whether calls may be made now.</summary>
    /// <returns>Null when they may, else what the caller is told; that it was refused is counted.</returns>
    RouterError? Admit();

    /// <summary>Takes a call that has ended.</summary>
    /// <returns>True when its answer has to wait until <see cref="CallRecord.Release"/>, which comes from another thread.</returns>
    bool Add(CallRecord record);

    /// <summary>Takes a change.</summary>
    void Add(ChangeRecord record);
}
