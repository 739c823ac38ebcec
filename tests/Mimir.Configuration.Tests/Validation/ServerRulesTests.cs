using Mimir.Configuration.Issues;
using Mimir.Configuration.Tests.Support;
using Mimir.Router.Model;

namespace Mimir.Configuration.Tests.Validation;

/// <summary>Names, ways to reach a server, programs, addresses and headers.</summary>
public sealed class ServerRulesTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("My Server.v2 (test)")]
    [InlineData("日本")]
    [InlineData("...")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123")]
    public void Name_Allowed_IsKept(string name) =>
        Assert.Equal(name, Expect.Server(Workspace.LoadText($$"""{ "mcpServers": { "{{name}}": { "command": "x" } } }""")).Name);

    [Theory]
    [InlineData("", "has 0 characters")]
    [InlineData("01234567890123456789012345678901234567890123456789012345678901234", "has 65 characters")]
    [InlineData(".", "means a folder")]
    [InlineData("..", "means a folder")]
    [InlineData("a/b", "slash")]
    [InlineData("a\\\\b", "slash")]
    [InlineData("a\\nb", "cannot be seen")]
    [InlineData("a\\u0000b", "cannot be seen")]
    [InlineData("a\\u202eb", "cannot be seen")]
    [InlineData("a\\u2028b", "cannot be seen")]
    [InlineData(" a", "white space")]
    [InlineData("a ", "white space")]
    public void Name_NotAllowed_IsAnErrorAtTheKey(string name, string message)
    {
        var result = Workspace.LoadText($$"""
            {
              "mcpServers": {
                 "{{name}}": { "command": "x" } } }
            """);

        var issue = Assert.Single(result.Issues);
        Assert.Contains(message, issue.Message, StringComparison.Ordinal);
        Assert.Equal((3, 6), (issue.Line, issue.Column));
    }

    [Fact]
    public void Name_OfAFile_IsCheckedAsWell()
    {
        using var w = new Workspace();
        w.Write("servers/ a.json", """{ "command": "x" }""");

        Expect.Error(w.Load(), "mcpServers[\" a\"]", "white space");
    }

    [Theory]
    [InlineData("", "", "has neither command nor url")]
    [InlineData("\"args\": []", "", "has neither command nor url")]
    [InlineData("\"type\": \"http\"", "", "has neither command nor url")]
    [InlineData("\"command\": \"x\", \"url\": \"http://h/\"", ".url", "exclude each other, on lines 1 and 1")]
    [InlineData("\"url\": \"http://h/\", \"command\": \"x\"", ".command", "exclude each other")]
    [InlineData("\"command\": \"x\", \"type\": \"http\"", ".type", "needs url")]
    [InlineData("\"command\": \"x\", \"type\": \"sse\"", ".type", "needs url")]
    [InlineData("\"command\": \"x\", \"protocol\": \"sse\"", ".protocol", "needs url")]
    [InlineData("\"command\": \"x\", \"headers\": { \"A\": \"b\" }", ".headers", "headers go with url")]
    [InlineData("\"url\": \"http://h/\", \"type\": \"stdio\"", ".type", "needs command")]
    [InlineData("\"url\": \"http://h/\", \"args\": [\"a\"]", ".args", "args go with command")]
    [InlineData("\"url\": \"http://h/\", \"env\": { \"A\": \"b\" }", ".env", "env goes with command")]
    [InlineData("\"url\": \"http://h/\", \"cwd\": \"/\"", ".cwd", "cwd goes with command")]
    [InlineData("\"url\": \"http://h/\", \"type\": \"http\", \"protocol\": \"sse\"", ".protocol", "contradicts type http")]
    [InlineData("\"url\": \"http://h/\", \"type\": \"sse\", \"protocol\": \"2026-07-28\"", ".protocol", "contradicts type sse")]
    [InlineData("\"command\": \"x\", \"enabled\": true, \"disabled\": true", ".disabled", "contradict each other")]
    [InlineData("\"command\": \"x\", \"enabled\": false, \"disabled\": false", ".disabled", "contradict each other")]
    public void Way_Contradicting_IsAnError(string body, string key, string message) =>
        Expect.Error(Workspace.LoadServer(body), $"mcpServers.a{key}", message);

    [Theory]
    [InlineData("\"command\": \"x\", \"headers\": {}", "stdio")]
    [InlineData("\"url\": \"http://h/\", \"args\": [], \"env\": {}", "http")]
    [InlineData("\"url\": \"http://h/\", \"protocol\": \"sse\"", "sse")]
    [InlineData("\"url\": \"http://h/\", \"type\": \"sse\", \"protocol\": \"sse\"", "sse")]
    [InlineData("\"url\": \"http://h/\", \"type\": \"sse\", \"protocol\": \"2025-06-18\"", "sse")]
    [InlineData("\"command\": \"x\", \"enabled\": true, \"disabled\": false", "stdio")]
    [InlineData("\"command\": \"x\", \"isActive\": true", "stdio")]
    public void Way_Consistent_IsTaken(string body, string kind) =>
        Assert.Equal(kind, Expect.Server(Workspace.LoadServer(body)).Transport.Kind);

    [Theory]
    [InlineData("\"enabled\": false")]
    [InlineData("\"isActive\": false")]
    [InlineData("\"disabled\": true")]
    [InlineData("\"disabled\": true, \"enabled\": false")]
    public void Server_SwitchedOff_IsCheckedButNotCompiled(string off)
    {
        Assert.Empty(Expect.Clean(Workspace.LoadServer($"\"command\": \"x\", {off}")).Servers);
        Expect.Error(Workspace.LoadServer($"\"comand\": \"x\", \"url\": \"http://h/\", {off}"), "mcpServers.a.comand", "not a key");
    }

    [Theory]
    [InlineData("\"command\": \"~/bin/x\"", "command", "no shell reads this")]
    [InlineData("\"command\": \"x\", \"cwd\": \"~\"", "cwd", "no shell reads this")]
    [InlineData("\"command\": \"x\\u0000\"", "command", "NUL")]
    [InlineData("\"command\": \"x\", \"cwd\": \"/\\u0000\"", "cwd", "NUL")]
    [InlineData("\"command\": \"x\", \"args\": [\"a\", \"b\\u0000\"]", "args[1]", "NUL")]
    [InlineData("\"command\": \"x\", \"env\": { \"A\": \"\\u0000\" }", "env.A", "NUL")]
    [InlineData("\"command\": \"x\", \"env\": { \"A=B\": \"1\" }", "env[\"A=B\"]", "no name for a variable")]
    [InlineData("\"command\": \"x\", \"env\": { \"\": \"1\" }", "env[\"\"]", "no name for a variable")]
    [InlineData("\"command\": \"x\", \"env\": { \"A\\nB\": \"1\" }", "env[\"A\\u000aB\"]", "no name for a variable")]
    public void Process_WhatNoSystemTakes_IsAnError(string body, string key, string message) =>
        Expect.Error(Workspace.LoadServer(body), $"mcpServers.a.{key}", message);

    [Fact]
    public void Process_CommandLineAsCommand_Warns() =>
        Expect.Warning(Workspace.LoadServer("\"command\": \"npx -y thing\""), "mcpServers.a.command", "holds a space", "args");

    [Fact]
    public void Process_PathWithSpace_IsTaken() =>
        Assert.Equal("/opt/my server/run", ((StdioModel)Expect.Server(Workspace.LoadServer("\"command\": \"/opt/my server/run\"")).Transport).Command);

    [Theory]
    [InlineData("https://example.com/mcp?key=1")]
    [InlineData("https://example.com?who=a@b")]
    [InlineData("https://example.com/@scope/x")]
    [InlineData("http://[::1]:3000/")]
    [InlineData("HTTP://LOCALHOST:80/a%20b")]
    [InlineData("http://例え.jp/")]
    public void Url_Good_IsTaken(string url) =>
        Assert.Equal(new Uri(url), ((HttpModel)Expect.Server(Workspace.LoadServer($"\"url\": \"{url}\"")).Transport).Url);

    [Theory]
    [InlineData("example.com/mcp", "no http address")]
    [InlineData("/mcp", "no http address")]
    [InlineData("http://", "names no valid host and port")]
    [InlineData("http:///mcp", "names no valid host and port")]
    [InlineData("http://h:99999/", "names no valid host and port")]
    [InlineData("ws://h/", "no http address")]
    [InlineData("file:///etc/passwd", "no http address")]
    [InlineData("localhost:3000/mcp", "no http address")]
    [InlineData("http://u:p@h/", "user name or password")]
    [InlineData("http://u@h/", "user name or password")]
    [InlineData("https://u@h?x", "user name or password")]
    [InlineData("http://@h", "user name or password")]
    [InlineData("http:h/", "no http address")]
    [InlineData("http://h\\\\u@x/", "backslash")]
    [InlineData("http://[::1/", "names no valid host and port")]
    [InlineData("", "is empty")]
    [InlineData("http://h/#f", "fragment")]
    [InlineData("http://h/#", "fragment")]
    [InlineData(" http://h/", "white space")]
    [InlineData("http://h/a b", "white space")]
    [InlineData("http://h/\\r\\nX: y", "white space")]
    public void Url_Bad_IsAnErrorWithoutTheAddress(string url, string message)
    {
        var issue = Expect.Error(Workspace.LoadServer($"\"url\": \"{url}\""), "mcpServers.a.url", message);

        Assert.True(url.Length == 0 || !issue.Message.Contains(url, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("A B")]
    [InlineData("A:")]
    [InlineData("Ä")]
    [InlineData("A\\nB")]
    public void Header_NoName_IsAnError(string name)
    {
        var issue = Assert.Single(Workspace.LoadServer($"\"url\": \"http://h/\", \"headers\": {{ \"{name}\": \"v\" }}").Issues);

        Assert.Contains("no name for a header", issue.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host")]
    [InlineData("content-length")]
    [InlineData("Content-Type")]
    [InlineData("Accept")]
    [InlineData("transfer-encoding")]
    [InlineData("CONNECTION")]
    [InlineData("mcp-session-id")]
    [InlineData("MCP-Protocol-Version")]
    [InlineData("Mcp-Method")]
    [InlineData("Mcp-Name")]
    [InlineData("Mcp-Param-X")]
    [InlineData("Last-Event-ID")]
    public void Header_OfMimirItself_IsAnError(string name) =>
        Expect.Error(Workspace.LoadServer($"\"url\": \"http://h/\", \"headers\": {{ \"{name}\": \"v\" }}"), $"mcpServers.a.headers.{name}", "sent by Mimir itself");

    [Fact]
    public void Header_TwiceInDifferentCase_IsAnError() => Expect.Error(
        Workspace.LoadServer("\"url\": \"http://h/\", \"headers\": { \"X-A\": \"1\",\n \"x-a\": \"2\" }"), "mcpServers.a.headers.x-a", "same header as line 1");

    [Theory]
    [InlineData("a\\r\\nX-Evil: 1", "line break")]
    [InlineData("a\\n", "line break")]
    [InlineData("a\\u0000", "line break")]
    [InlineData("a\\u007f", "line break")]
    [InlineData("ä", "not ASCII")]
    [InlineData(" a", "begins or ends with a space")]
    [InlineData("a\\t", "begins or ends with a space")]
    public void HeaderValue_ThatBreaksOut_IsAnErrorWithoutTheValue(string value, string message)
    {
        var issue = Expect.Error(Workspace.LoadServer($"\"url\": \"http://h/\", \"headers\": {{ \"A\": \"{value}\" }}"), "mcpServers.a.headers.A", message);

        Assert.DoesNotContain("Evil", issue.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a b\\tc !~")]
    [InlineData("")]
    public void HeaderValue_Good_IsTaken(string value) =>
        Expect.Clean(Workspace.LoadServer($"\"url\": \"http://h/\", \"headers\": {{ \"A\": \"{value}\" }}"));

    [Fact]
    public void Headers_Compiled_AreFoundInAnyCase()
    {
        var model = (HttpModel)Expect.Server(Workspace.LoadServer("\"url\": \"http://h/\", \"headers\": { \"X-Key\": \"v\" }")).Transport;

        Assert.Equal("v", model.Headers["x-key"]);
    }

    [Fact]
    public void Issue_ToString_IsOneLineAnEditorUnderstands()
    {
        using var w = new Workspace();
        w.Write("mimir.json", "{ \"mcpServers\": {\r\n  \"a\": { \"comand\": \"x\", \"url\": \"http://h/\" } } }");

        Assert.Equal(
            $"{w.Main}:2:10: error: mcpServers.a.comand: is not a key of a server. Did you mean command?", Assert.Single(w.Load().Issues).ToString());
    }

    [Fact]
    public void Issue_Warning_SaysSo() =>
        Assert.Contains(": warning: ", Expect.Warning(Workspace.LoadServer("\"command\": \"x\", \"timeout\": 60"), "mcpServers.a.timeout", "no effect", "callTimeout").ToString(), StringComparison.Ordinal);

    [Fact]
    public void Issues_TooMany_AreBounded()
    {
        var keys = string.Join(",", Enumerable.Range(0, 5000).Select(i => $"\"k{i}\": 1"));

        var result = Workspace.LoadText($"{{ {keys} }}");

        Assert.Equal(IssueList.MaxIssues, result.Issues.Length);
        Assert.Null(result.Model);
    }
}
