using Mimir.Faults.Matrix;

namespace Mimir.Faults;

/// <summary>Children of both revisions share the rows: they start processes, which is what takes long.</summary>
public sealed class Stdio2025FaultTests : FaultTests
{
    public static TheoryData<string> Faults => Rows(Transport.Stdio2025, odd: true);

    private protected override Transport Transport => Transport.Stdio2025;

    [Theory(Timeout = 600_000)]
    [MemberData(nameof(Faults))]
    public Task Calls_WhileItHappens_EndOnceAndInTimeAndNothingIsLeft(string fault) => PlayAsync(fault);
}
