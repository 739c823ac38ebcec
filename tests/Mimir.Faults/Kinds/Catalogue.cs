namespace Mimir.Faults.Kinds;

/// <summary>All rows of the matrix. Each use makes them anew: a row keeps what its cells need.</summary>
internal static class Catalogue
{
    private static readonly Func<Fault>[] s_rows =
    [
        () => new SuddenDeath(),
        () => new Frozen(),
        () => new ClosedPipe(),
        () => new BadHandshake(),
        () => new BadWeather(),
        () => new Severed(),
        () => new Refusing(),
        () => new Liar(),
        () => new Flood(),
        () => new Noise(),
        () => new Giant(),
        () => new Forker(),
        () => new LostSession(),
        () => new Absent("X14", "OAuth tokens that expire and refreshes that race", "there is no OAuth yet: configured headers are sent, and nothing expires or is renewed"),
        () => new RudeClient(),
        () => new GatewayEnds(),
        () => new FailingDisk(),
        () => new MovedClock(),
        () => new Reloaded(),
    ];

    /// <summary>All, in their order.</summary>
    public static IEnumerable<Fault> All => s_rows.Select(r => r());

    /// <summary>A new one by its id.</summary>
    public static Fault Of(string id) => All.Single(f => f.Id == id);
}
