using Mimir.Faults.Matrix;

namespace Mimir.Faults;

/// <summary>The other half of the rows that children suffer.</summary>
public sealed class Stdio2026FaultTests : FaultTests
{
    public static TheoryData<string> Faults => Rows(Transport.Stdio2026, odd: false);

    private protected override Transport Transport => Transport.Stdio2026;

    [Theory(Timeout = 600_000)]
    [MemberData(nameof(Faults))]
    public Task Calls_WhileItHappens_EndOnceAndInTimeAndNothingIsLeft(string fault) => PlayAsync(fault);
}
