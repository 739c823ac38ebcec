namespace Mimir.Supervisor.Families;

/// <summary>A child and everything that came of it, as its system finds and ends them. Calls do not overlap.</summary>
internal interface IFamily
{
    /// <summary>Looks who is left.</summary>
    /// <returns>Whether certainly nobody is.</returns>
    ValueTask<bool> LookAsync();

    /// <summary>Asks whoever was seen last to end; false where the system has no way to ask.</summary>
    bool TryAsk();

    /// <summary>Ends whoever was seen last, without asking.</summary>
    void Kill();

    /// <summary>Until the answer is disposed of, whoever is seen is ended in that moment; null where <see cref="Kill"/> leaves nobody out.</summary>
    IDisposable? Hunt();
}
