namespace Mimir.Protocol.Translation;

/// <summary>What a client must have declared before it may be asked for something.</summary>
public enum ClientCapability : byte
{
    /// <summary>None that is known: it must not be asked.</summary>
    Unknown,

    /// <summary><c>roots</c>, for <c>roots/list</c>.</summary>
    Roots,

    /// <summary><c>sampling</c>, for <c>sampling/createMessage</c>.</summary>
    Sampling,

    /// <summary><c>sampling.tools</c>, for samplings that offer tools.</summary>
    SamplingTools,

    /// <summary><c>elicitation.form</c>, which an empty <c>elicitation</c> means as well.</summary>
    ElicitationForm,

    /// <summary><c>elicitation.url</c>.</summary>
    ElicitationUrl,
}
