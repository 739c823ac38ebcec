namespace Mimir.Configuration.Binding;

/// <summary>Where a secret may stand in a configuration, and why not elsewhere.</summary>
internal static class SecretPlaces
{
    /// <summary>What to say of any other place.</summary>
    public static (string Message, string Remedy) Elsewhere { get; } = ("a secret may stand in env and headers of a server only", "Put it there, or take a variable that is no secret");

    /// <summary>What speaks against a secret under a key of a server; null when nothing does.</summary>
    public static (string Message, string Remedy)? Objection(string key) => key switch
    {
        "env" or "headers" => null,
        "args" or "command" => (
            "a secret may not stand in a command line, which everybody on this machine can see",
            "Put it into env, or name it under credentialRefs; a program that takes it as an argument alone is started by a script that reads the variable"),
        "url" or "endpoint" => ("a secret may not stand in an address, which is shown in lists, logs and errors", "Put it into headers"),
        _ => Elsewhere,
    };
}
