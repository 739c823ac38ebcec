namespace Mimir.Functional.Eras;

/// <summary>The table of limits is one that can be read in one way.</summary>
public sealed class EraLimitsTests
{
    [Fact]
    public void Limits_OfEveryCell_AreOneAtMost()
    {
        var twice =
            from feature in EraLimits.All.Select(l => l.Feature).Distinct()
            from client in EraRevision.All
            from server in EraRevision.All
            let count = EraLimits.All.Count(l => l.Feature == feature && l.Clients.Contains(client) && l.Servers.Contains(server))
            where count > 1
            select $"{feature}: {client} to {server} has {count}";

        Assert.Empty(twice);
    }

    [Fact]
    public void Limits_OfTheTable_ConcernSomebodyAndGiveAReason() =>
        Assert.All(EraLimits.All, l => Assert.True(l.Clients.Length > 0 && l.Servers.Length > 0 && l.Reason.EndsWith('.'), l.Feature));
}
