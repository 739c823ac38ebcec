namespace Mimir.Supervisor.Launching;

/// <summary>What to do about a command that is not there: what provides the launchers that MCP servers are commonly started with.</summary>
internal static class CommandRemedy
{
    /// <summary>One or two sentences.</summary>
    internal static string For(string command)
    {
        var product = command switch
        {
            "npx" or "node" or "npm" => "Node.js",
            "uvx" or "uv" => "uv",
            "python" or "python3" or "pip" or "pipx" => "Python",
            "bun" or "bunx" => "Bun",
            "deno" => "Deno",
            "docker" => "Docker",
            "podman" => "Podman",
            "dotnet" or "dnx" => "the .NET SDK",
            "java" => "a Java runtime",
            "go" => "Go",
            "cargo" => "Rust",
            "ruby" => "Ruby",
            "pnpm" or "yarn" => $"Node.js and {command}",
            _ => null,
        };
        if (command.AsSpan().ContainsAny(' ', '\t'))
            return "It holds a blank: only the program belongs in \"command\", its arguments belong in \"args\".";
        return product is null
            ? "Install it, give its full path in \"command\", or add its folder to PATH in \"env\"."
            : $"Install {product}, or give the full path in \"command\".";
    }
}
