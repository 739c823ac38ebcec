using System.Text;
using Mimir.Fuzz;
using Xunit;

namespace Mimir.Protocol.Tests.Fuzz;

/// <summary>A fuzzer that finds nothing may be blind: here it has something to find.</summary>
public sealed class FuzzRunnerTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Fact]
    public void Run_TargetWithAHiddenFault_FindsAndShrinksIt()
    {
        var report = new FuzzRunner(new Faulty(), ["some data: and more of it"u8.ToArray()], seed: 1) { MaxFindings = 1 }.Run(s_patience);
        var finding = Assert.Single(report.Findings);
        Assert.Equal("!!retry", Encoding.Latin1.GetString(finding.Input));
        Assert.IsType<FuzzException>(finding.Error);
    }

    [Fact]
    public void Run_TargetThatThrowsSomethingElse_FindsThatToo()
    {
        var report = new FuzzRunner(new Throwing(), ["x"u8.ToArray()], seed: 1) { MaxFindings = 1 }.Run(s_patience);
        Assert.IsType<IndexOutOfRangeException>(Assert.Single(report.Findings).Error);
    }

    [Fact]
    public void Run_SameSeed_MakesTheSameInputs()
    {
        Assert.Equal(FirstInputs(7), FirstInputs(7));
        Assert.NotEqual(FirstInputs(7), FirstInputs(8));
    }

    private static List<string> FirstInputs(ulong seed)
    {
        var inputs = new List<string>();
        var runner = new FuzzRunner(new Quiet(), ["{\"a\":1}"u8.ToArray(), "data: x\n\n"u8.ToArray()], seed)
        {
            BeforeInput = i => inputs.Add(Convert.ToHexString(i)),
        };
        runner.Run(TimeSpan.Zero);
        return inputs;
    }

    private class Quiet : FuzzTarget
    {
        public override string Name => "quiet";

        public override IReadOnlyList<byte[]> Tokens => Words("retry");

        public override ulong Check(ReadOnlySpan<byte> input) => Bucket(input.Length);
    }

    /// <summary>Fails when two bytes and a word come together, which only luck on luck brings about.</summary>
    private sealed class Faulty : Quiet
    {
        private bool _found;

        public override ulong Check(ReadOnlySpan<byte> input)
        {
            _found |= input.IndexOf("!!retry"u8) >= 0;
            FuzzException.Unless(input.IndexOf("!!retry"u8) < 0, "both");
            return _found ? 99 : input.IndexOf("!retry"u8) >= 0 ? 2UL : input.IndexOf("retry"u8) >= 0 ? 1UL : 0;
        }
    }

    private sealed class Throwing : Quiet
    {
        public override ulong Check(ReadOnlySpan<byte> input) => input.Length > 10 ? input[input.Length] : 0UL;
    }
}
