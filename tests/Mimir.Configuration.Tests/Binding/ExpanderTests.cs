using Mimir.Configuration.Tests.Support;
using Mimir.Router.Model;

namespace Mimir.Configuration.Tests.Binding;

public sealed class ExpanderTests
{
    private static string Argument(string text, params (string Name, string Value)[] variables) =>
        Assert.Single(((StdioModel)Expect.Server(Workspace.LoadServer($"\"command\": \"x\", \"args\": [\"{text}\"]", variables)).Transport).Arguments);

    [Theory]
    [InlineData("${A}", "va")]
    [InlineData("x${A}y${B}z", "xvayvbz")]
    [InlineData("${A}${A}", "vava")]
    [InlineData("${NONE:-d}", "d")]
    [InlineData("${NONE:-}", "")]
    [InlineData("${NONE:-a:-b c/$d{e}", "a:-b c/$d{e")]
    [InlineData("${EMPTY:-d}", "d")]
    [InlineData("${EMPTY}", "")]
    [InlineData("${A:-d}", "va")]
    [InlineData("${_x9}", "under")]
    [InlineData("$${A}", "${A}")]
    [InlineData("$$${A}", "$${A}")]
    [InlineData("pa$$word$", "pa$$word$")]
    [InlineData("$A {A} $", "$A {A} $")]
    [InlineData("}{", "}{")]
    [InlineData("${NEST}", "${A}$${B}${")]
    [InlineData("${DOLLAR}{A}", "${A}")]
    [InlineData("${NONE:-$}${A}", "$va")]
    public void Expand_Text_IsReplacedInOnePass(string text, string expected) => Assert.Equal(expected, Argument(
        text, ("A", "va"), ("B", "vb"), ("EMPTY", ""), ("_x9", "under"), ("NEST", "${A}$${B}${"), ("DOLLAR", "$")));

    [Theory]
    [InlineData("${MISSING}", "variable MISSING is not set", "${MISSING:-default}")]
    [InlineData("${A} ${MISSING}", "variable MISSING is not set", "Set it")]
    [InlineData("x${A", "is not closed", "$${")]
    [InlineData("${", "is not closed", "")]
    [InlineData("${A:-${B}}", "inside another", "plain default")]
    [InlineData("${}", "not the name of a variable", "${NAME}")]
    [InlineData("${1A}", "not the name of a variable", "")]
    [InlineData("${A-d}", "not the name of a variable", "")]
    [InlineData("${A B}", "not the name of a variable", "")]
    [InlineData("${ä}", "not the name of a variable", "")]
    [InlineData("${env:A}", "another program's spelling", "Write ${A}")]
    [InlineData("${input:key}", "nobody is asked", "")]
    public void Expand_BadText_IsAnErrorThatNamesTheVariable(string text, string message, string remedy) =>
        Expect.Error(Workspace.LoadServer($"\"command\": \"x\", \"args\": [\"{text}\"]", ("A", "va")), "mcpServers.a.args[0]", message, remedy);

    [Fact]
    public void Expand_SeveralMissing_AreAllNamed()
    {
        var result = Workspace.LoadServer("\"command\": \"${M1}\", \"args\": [\"${M2}${M3}\"], \"env\": { \"E\": \"${M4}\" }, \"callTimeout\": \"${M5}\"");

        Assert.Equal(
            ["mcpServers.a.command M1", "mcpServers.a.args[0] M2", "mcpServers.a.args[0] M3", "mcpServers.a.env.E M4", "mcpServers.a.callTimeout M5"],
            result.Issues.Select(i => $"{i.Key} {i.Message.Split(' ')[3]}"));
    }

    [Fact]
    public void Expand_KeysAndNames_AreNot()
    {
        var model = Expect.Server(Workspace.LoadText("""{ "mcpServers": { "${A}": { "command": "x", "env": { "${A}": "1" } } } }""", ("A", "v")));

        Assert.Equal("${A}", model.Name);
        Assert.Equal("${A}", Assert.Single(((StdioModel)model.Transport).Environment.Keys));
    }

    [Fact]
    public void Expand_KeyThatIsNotRead_IsNot() =>
        Expect.Warning(Workspace.LoadServer("\"command\": \"x\", \"description\": \"costs ${MISSING}\""), "mcpServers.a.description", "no effect");

    [Theory]
    [InlineData("\"disabled\": true")]
    [InlineData("\"enabled\": false")]
    [InlineData("\"enabled\": \"${ON:-false}\"")]
    public void Expand_MissingInADisabledServer_IsNoError(string off)
    {
        var model = Expect.Clean(Workspace.LoadServer(
            $"{off}, \"url\": \"https://${{HOST}}/\", \"headers\": {{ \"X\": \"${{TOKEN}}\" }}, \"callTimeout\": \"${{T}}\", \"prefix\": \"${{P}}\""));

        Assert.Empty(model.Servers);
    }

    [Fact]
    public void Expand_NumbersAndFlags_TakeVariables()
    {
        var model = Expect.Clean(Workspace.LoadText(
            """
            {
              "mcpServers": { "a": { "command": "x", "enabled": "${ON}", "callTimeout": "${T}", "startupTimeout": "${U:-250ms}", "sharing": "${S}", "protocol": "${P}" } },
              "naming": { "separator": "${SEP}", "prefix": "${PRE}" },
              "limits": { "maxBatch": "${N}", "maxMessageBytes": "${M}" }
            }
            """,
            ("ON", "true"), ("T", "90"), ("S", "session"), ("P", "2025-06-18"), ("SEP", "__"), ("PRE", "on-collision"), ("N", "7"), ("M", "1MiB")));

        var server = Assert.Single(model.Servers);
        Assert.Equal((TimeSpan.FromSeconds(90), TimeSpan.FromMilliseconds(250)), (server.CallTimeout, server.StartupTimeout));
        Assert.Equal((Sharing.Session, "2025-06-18"), (server.Sharing, server.Pin!.Name));
        Assert.Equal(new NamingModel { Separator = "__", Prefix = PrefixMode.OnCollision }, model.Naming);
        Assert.Equal(new LimitsModel { MaxBatch = 7, MaxMessageBytes = 1 << 20 }, model.Limits);
    }
}
