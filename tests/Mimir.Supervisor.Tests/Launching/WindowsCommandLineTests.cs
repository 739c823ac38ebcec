using System.Text;
using Mimir.Router.Upstreams;
using Mimir.Supervisor.Launching;
using Xunit;

namespace Mimir.Supervisor.Tests.Launching;

public sealed class WindowsCommandLineTests
{
    private const string Interpreter = @"C:\Windows\System32\cmd.exe";

    [Theory]
    [InlineData("", "\"\"")]
    [InlineData("plain", "plain")]
    [InlineData(@"C:\dir\", @"C:\dir\")]
    [InlineData("a b", "\"a b\"")]
    [InlineData(@"a b\", @"""a b\\""")]
    [InlineData("a\"b", "\"a\\\"b\"")]
    [InlineData("a\\\"b", "\"a\\\\\\\"b\"")]
    [InlineData("{\"a\": 1}", "\"{\\\"a\\\": 1}\"")]
    [InlineData("tab\there", "\"tab\there\"")]
    [InlineData("&|<>^%!", "&|<>^%!")]
    public void ForProgram_AnArgument_IsQuotedWhereItMustBe(string argument, string expected) =>
        Assert.Equal($@"""C:\x y.exe"" {expected}", WindowsCommandLine.ForProgram("s", @"C:\x y.exe", [argument]));

    [Fact]
    public void ForProgram_AnythingAtAll_IsTakenApartIntoWhatItWas()
    {
        const string letters = "ab \\\\\\\"\"\t\n'%^&";
        var random = new Random(20_260);
        for (var i = 0; i < 5_000; i++)
        {
            var arguments = Enumerable.Range(0, random.Next(5)).Select(_ => new string(random.GetItems(letters.AsSpan(), random.Next(9)))).ToList();
            Assert.Equal(["C:\\x.exe", .. arguments], TakeApart(WindowsCommandLine.ForProgram("s", "C:\\x.exe", arguments)));
        }
    }

    [Fact]
    public void ForBatch_PlainArguments_StandInQuotesInsideOneOuterPair() => Assert.Equal(
        @"""C:\Windows\System32\cmd.exe"" /d /e:on /v:off /s /c """"C:\a & b\npx.cmd"" ""-y"" ""x&y|z^!"" """" ""C:\dir\\""""",
        WindowsCommandLine.ForBatch("s", Interpreter, @"C:\a & b\npx.cmd", ["-y", "x&y|z^!", "", @"C:\dir\"]));

    [Theory]
    [InlineData("a\"b")]
    [InlineData("\" & calc & \"")]
    [InlineData("%PATH%")]
    [InlineData("%CMDCMDLINE:~-1%&calc")]
    [InlineData("a\nb")]
    [InlineData("a\rb")]
    [InlineData("a\u001ab")]
    public void ForBatch_ArgumentThatItsInterpreterWouldRead_IsRefusedWithItsPlace(string argument)
    {
        var failure = Assert.Throws<ProcessStartException>(() => WindowsCommandLine.ForBatch("Server \"s\"", Interpreter, @"C:\npx.cmd", ["fine", argument]));
        Assert.StartsWith("Server \"s\": argument 2 holds a quote, a percent sign", failure.Message, StringComparison.Ordinal);
        Assert.Contains("npx-cli.js", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ForBatch_PathThatItsInterpreterWouldRead_IsRefused() =>
        Assert.Throws<ProcessStartException>(() => WindowsCommandLine.ForBatch("s", Interpreter, @"C:\%TEMP%\npx.cmd", []));

    [Fact]
    public void ForProgramAndForBatch_LongerThanTheSystemTakes_AreRefused()
    {
        Assert.Throws<ProcessStartException>(() => WindowsCommandLine.ForProgram("s", "C:\\x.exe", [new string('x', WindowsCommandLine.MostUnits)]));
        Assert.Throws<ProcessStartException>(() => WindowsCommandLine.ForBatch("s", Interpreter, "C:\\x.cmd", [new string('x', WindowsCommandLine.MostBatchUnits)]));
        Assert.NotEmpty(WindowsCommandLine.ForProgram("s", "C:\\x.exe", [new string('x', WindowsCommandLine.MostBatchUnits)]));
    }

    [Fact]
    public void Block_Environment_IsSortedWithoutRegardToCaseAndEndedTwice() =>
        Assert.Equal("a=1\0B=2=3\0c=\0\0", new string(WindowsSpawner.Block(["c=", "a=1", "B=2=3"])));

    /// <summary>As <c>CommandLineToArgvW</c> is documented to do it.</summary>
    private static List<string> TakeApart(string line)
    {
        var end = line.IndexOf('"', 1);
        var arguments = new List<string> { line[1..end] };
        for (var i = end + 1; i < line.Length;)
        {
            if (line[i] is ' ' or '\t')
            {
                i++;
                continue;
            }

            var (argument, quoted) = (new StringBuilder(), false);
            while (i < line.Length && (quoted || line[i] is not (' ' or '\t')))
            {
                var slashes = 0;
                while (i < line.Length && line[i] == '\\')
                    (slashes, i) = (slashes + 1, i + 1);
                var atQuote = i < line.Length && line[i] == '"';
                argument.Append('\\', atQuote ? slashes / 2 : slashes);
                if (!atQuote)
                {
                    if (i < line.Length && (quoted || line[i] is not (' ' or '\t')))
                        argument.Append(line[i++]);
                    continue;
                }

                if (slashes % 2 == 1)
                    argument.Append('"');
                else
                    quoted = !quoted;
                i++;
            }

            arguments.Add(argument.ToString());
        }

        return arguments;
    }
}
