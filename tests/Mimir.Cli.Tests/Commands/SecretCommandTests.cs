using System.Text;
using System.Text.Json;
using Mimir.Cli.Hosting;
using Mimir.Cli.Terminal;
using Mimir.Cli.Tests.Fakes;

namespace Mimir.Cli.Tests.Commands;

public sealed class SecretCommandTests
{
    private const string Secret = "s3cr3t-V4lue";

    [Theory]
    [InlineData("a", "a")]
    [InlineData("a\n", "a")]
    [InlineData("a\r\n", "a")]
    [InlineData("a\n\n", "a\n")]
    [InlineData(" a b ", " a b ")]
    [InlineData("a\nb\n", "a\nb")]
    [InlineData("ü\n", "ü")]
    public async Task Set_FromAPipe_TakesAllButOneLineBreak(string input, string expected)
    {
        var (cli, console) = Piped(Encoding.UTF8.GetBytes(input));

        Assert.Equal(ExitCodes.Success, await cli.RunAsync("secret", "set", "A_KEY"));
        Assert.Equal(expected, cli.Host.Kept.Values["A_KEY"]);
        Assert.Equal("", console.Out);
        Assert.Equal("A_KEY is set.\n", console.Error);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public async Task Set_NothingFromAPipe_IsRefused(string input)
    {
        var (cli, console) = Piped(Encoding.UTF8.GetBytes(input));

        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("secret", "set", "A_KEY"));
        Assert.Empty(cli.Host.Kept.Values);
        Assert.Contains("Nothing was given", console.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Set_AsLongAsMayBe_IsTakenAndOneMoreIsNot()
    {
        var most = new string('x', 64 << 10);
        foreach (var (input, code) in ((string, int)[])[(most, ExitCodes.Success), (most + "\r\n", ExitCodes.Success), (most + "x", ExitCodes.Usage), (most + "xx\n", ExitCodes.Usage), (most + most, ExitCodes.Usage)])
        {
            var (cli, _) = Piped(Encoding.UTF8.GetBytes(input));
            Assert.Equal(code, await cli.RunAsync("secret", "set", "A_KEY"));
            Assert.Equal(code == ExitCodes.Success, cli.Host.Kept.Values.GetValueOrDefault("A_KEY") == most);
        }
    }

    [Fact]
    public async Task Set_NotUtf8_IsRefused()
    {
        var (cli, console) = Piped([(byte)'s', (byte)'3', 0xFF]);

        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("secret", "set", "A_KEY"));
        Assert.Contains("not UTF-8", console.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Set_AtATerminal_AsksWithoutShowing()
    {
        var console = new TestConsole(terminal: true) { Hidden = Secret };
        var cli = new Fakes.Cli(new FakeRun(), console);

        Assert.Equal(ExitCodes.Success, await cli.RunAsync("secret", "set", "A_KEY"));
        Assert.Equal(Secret, cli.Host.Kept.Values["A_KEY"]);
        Assert.Equal("Value of A_KEY (not shown): \nA_KEY is set.\n", console.Error);
        Assert.Equal("", console.Out);
    }

    [Theory]
    [InlineData("secret", "set", "A_KEY", Secret)]
    [InlineData("secret", "set", "A_KEY", "--value", Secret)]
    [InlineData("secret", "set", "A_KEY", $"--value={Secret}")]
    [InlineData("secret", "set", $"A_KEY={Secret}")]
    [InlineData("secret", "set", $"{Secret}")]
    [InlineData("secret", "set", "--", "A_KEY", Secret)]
    [InlineData("secret", "remove", "A_KEY", Secret)]
    [InlineData("secret", "remove", Secret)]
    [InlineData("secret", "list", Secret)]
    [InlineData("secret", "add", "A_KEY", Secret)]
    [InlineData("secret", Secret)]
    public async Task Secret_ValueAsAnArgument_IsRefusedAndNotShown(params string[] line)
    {
        var (cli, console) = Piped("x"u8.ToArray());

        Assert.Equal(ExitCodes.Usage, await cli.RunAsync(line));
        Assert.Empty(cli.Host.Kept.Values);
        Assert.DoesNotContain(Secret, console.Out + console.Error, StringComparison.Ordinal);
        Assert.NotEqual("", console.Error);
    }

    [Theory]
    [InlineData("PATH", "every server gets")]
    [InlineData("LD_PRELOAD", "load or run")]
    [InlineData("MIMIR_X", "keeps for itself")]
    public async Task Set_NameThatIsNoSecrets_IsRefusedWithTheReason(string name, string reason)
    {
        var (cli, console) = Piped("x"u8.ToArray());

        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("secret", "set", name));
        Assert.Contains(reason, console.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Set_NameThatTheEnvironmentHas_SaysWhichGoesFirst()
    {
        var (cli, console) = Piped("x"u8.ToArray());
        cli.Variables["A_KEY"] = Secret;

        Assert.Equal(ExitCodes.Success, await cli.RunAsync("secret", "set", "A_KEY"));
        Assert.Contains("The environment variable A_KEY is set here", console.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, console.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Set_WordSet_IsNearTheMisspelling()
    {
        var (cli, console) = Piped([]);

        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("secret", "lst"));
        Assert.Contains("Did you mean 'mimir secret list'?", console.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Remove_Name_RemovesOrSaysThatThereIsNone()
    {
        var (cli, console) = Piped([]);
        cli.Host.Kept.Values["A_KEY"] = Secret;

        Assert.Equal(ExitCodes.Success, await cli.RunAsync("secret", "remove", "A_KEY"));
        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("secret", "remove", "A_KEY"));
        Assert.Equal("A_KEY is removed.\nmimir: There is no secret A_KEY in the vault. mimir secret list shows all of them.\n", console.Error);
    }

    [Fact]
    public async Task Remove_OneThatServersReferTo_NamesThem()
    {
        var (cli, console) = Piped([]);
        cli.Host.Kept.Values["A_KEY"] = Secret;
        cli.Host.Kept.Rows = [new SecretRow("A_KEY", null, "vault", ["one", "two\u001b[31m"])];

        Assert.Equal(ExitCodes.Success, await cli.RunAsync("secret", "remove", "A_KEY"));
        Assert.Contains("Servers refer to it: one, two", console.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", console.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_Rows_AreNamesTimesPlacesAndServers()
    {
        var (cli, console) = Piped([]);
        var time = new DateTimeOffset(2026, 11, 22, 10, 0, 0, 500, TimeSpan.Zero);
        cli.Host.Kept.Rows = [new SecretRow("A_KEY", time, "vault", ["one", "two"]), new SecretRow("B_KEY", null, null, ["one"]), new SecretRow("C_KEY", time, "environment", [])];

        Assert.Equal(ExitCodes.Success, await cli.RunAsync("secret", "list"));
        Assert.Equal(
            """
            NAME   SET                   FROM         SERVERS
            A_KEY  2026-11-22T10:00:00Z  vault        one, two
            B_KEY  -                     missing      one
            C_KEY  2026-11-22T10:00:00Z  environment  -

            """,
            console.Out,
            ignoreLineEndingDifferences: true);
        Assert.Equal("", console.Error);
    }

    [Fact]
    public async Task List_Json_HasTheSame()
    {
        var (cli, console) = Piped([]);
        cli.Host.Kept.Rows = [new SecretRow("B_KEY", null, null, ["one"])];

        Assert.Equal(ExitCodes.Success, await cli.RunAsync("secret", "list", "--json"));
        var row = JsonDocument.Parse(console.Out).RootElement.GetProperty("secrets")[0];
        Assert.Equal(["name", "set", "source", "servers"], row.EnumerateObject().Select(m => m.Name));
        Assert.Equal(JsonValueKind.Null, row.GetProperty("set").ValueKind);
    }

    [Fact]
    public async Task List_None_SaysSoOnStderrAlone()
    {
        var (cli, console) = Piped([]);

        Assert.Equal(ExitCodes.Success, await cli.RunAsync("secret", "list"));
        Assert.Equal("", console.Out);
        Assert.Contains("mimir secret set NAME", console.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prompt_Interrupted_EndsAsBySignal()
    {
        var console = new TestConsole(terminal: true) { IsInterrupted = true };
        var cli = new Fakes.Cli(new FakeRun(), console);

        Assert.Equal(ExitCodes.Interrupted, await cli.RunAsync("secret", "set", "A_KEY"));
        Assert.Empty(cli.Host.Kept.Values);
        Assert.Contains("interrupted", console.Error, StringComparison.Ordinal);
    }

    private static (Fakes.Cli Cli, TestConsole Console) Piped(byte[] input)
    {
        var console = new TestConsole();
        console.Input.Write(input);
        console.Input.Position = 0;
        return (new Fakes.Cli(new FakeRun(), console), console);
    }
}
