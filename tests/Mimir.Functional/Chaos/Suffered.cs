namespace Mimir.Functional.Chaos;

/// <summary>One call and its end.</summary>
/// <param name="Client">Who made it.</param>
/// <param name="Tool">What it called.</param>
/// <param name="Victim">Where.</param>
/// <param name="Once">Whether it must not run twice.</param>
/// <param name="Id">Its id.</param>
/// <param name="From">When it was made, in ticks of the stopwatch.</param>
/// <param name="To">When it ended.</param>
/// <param name="Code">The code of its error, 0 for none.</param>
/// <param name="Fault">What came in place of its result, null when that came.</param>
internal sealed record Suffered(string Client, string Tool, Victim Victim, bool Once, string Id, long From, long To, int Code, string? Fault)
{
    /// <summary>True when its server ended while it was open.</summary>
    public bool WasInFlight => Victim.Outages.Any(o => o.From <= To && From <= o.To);
}
