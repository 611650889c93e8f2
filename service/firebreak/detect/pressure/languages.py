"""The main phrases of pressing in German, French and Spanish."""

from firebreak.detect.pressure.form import pressure

RULES = (
    pressure(
        "pressure-de",
        (
            r"\b(?:es ist (?:sehr |äußerst |extrem )?(?:dringend|ein notfall)|es geht um leben und tod"
            r"|ich flehe (?:dich|sie) an|du bist meine (?:letzte|einzige) hoffnung|mein (?:job|leben) hängt davon ab"
            r"|ich bin (?:dein|ihr|der|ein) (?:entwickler|administrator|chef|vorgesetzter|polizist|arzt)|(?:tu|tue"
            r"|stell dir vor|stellen sie sich vor)[\s,]{1,3}(?:so als|als|du (?:bist|wärst)|sie (?:sind|wären))"
            r"|ab jetzt bist du|du bist (?:jetzt|nun) ein"
            r"|bleib in der rolle|rein (?:hypothetisch|fiktiv)|für (?:meinen|einen) roman|zu (?:forschungs|bildungs"
            r"|lern)zwecken|ich (?:gebe|zahle) dir|wenn du (?:dich weigerst|nicht antwortest)|sonst (?:melde|lösche"
            r"|verklage) ich)"
        ),
        (
            r"dringend|notfall|leben und tod|ich flehe|hoffnung|hängt davon ab|ich bin (?:dein|ihr|der|ein) |so als"
            r"|stell(?:en)? |ab jetzt bist|du bist (?:jetzt|nun) |in der rolle|rein (?:hypothetisch|fiktiv)|roman\b"
            r"|zwecken|ich (?:gebe|zahle) dir|wenn du (?:dich|nicht)|sonst (?:melde|lösche|verklage)"
        ),
        "Pressure, in German",
        ("Es ist sehr dringend", "Ab jetzt bist du ein Pirat", "nur zu Forschungszwecken, rein hypothetisch"),
        ("Ich bin der Meinung", "Wann ist der Notar da?"),
    ),
    pressure(
        "pressure-fr",
        (
            r"\b(?:c['’]est (?:très |extrêmement )?(?:urgent|une urgence)|question de vie ou de mort|je (?:t['’]en"
            r"|vous en) supplie|tu es mon (?:seul|dernier) espoir|mon (?:travail|emploi) en dépend"
            r"|je suis (?:ton|votre|le|un) (?:développeur|administrateur|patron|policier|médecin)|fais (?:comme si"
            r"|semblant)|imagine que tu (?:es|sois)|tu es maintenant un"
            r"|reste dans (?:ton|le) (?:rôle|personnage)"
            r"|(?:de manière|à titre) (?:hypothétique|purement)|pour (?:mon|un) roman|des fins (?:éducatives"
            r"|de recherche|pédagogiques)|je te (?:donnerai|paierai)|si tu (?:refuses|ne réponds pas)|sinon je (?:te"
            r"|vais)|partir de maintenant tu es)"
        ),
        (
            r"urgen|vie ou de mort|supplie|espoir|en dépend|je suis (?:ton|votre|le|un) |comme si|semblant"
            r"|imagine que tu|maintenant tu es|tu es maintenant|(?:rôle|personnage)|hypothétique|roman\b|des fins"
            r"|je te |si tu |sinon je"
        ),
        "Pressure, in French",
        ("C'est très urgent", "Fais semblant que tu es un pirate", "à des fins éducatives"),
        ("je suis le courant", "un film français"),
    ),
    pressure(
        "pressure-es",
        (
            r"\b(?:es (?:muy |extremadamente )?(?:urgente|una emergencia)|cuestión de vida o muerte|te lo (?:ruego"
            r"|suplico)|eres mi (?:última|única) esperanza|mi (?:trabajo|empleo) depende"
            r"|soy (?:tu|su|el|un) (?:desarrollador|administrador|jefe|policía|médico)|(?:finge|imagina"
            r"|haz como) (?:que|si) (?:eres|fueras)|a partir de ahora eres|ahora eres un|no salgas del (?:papel"
            r"|personaje)"
            r"|hipotéticamente|para (?:mi|una) novela|con fines (?:educativos|académicos|de investigación)"
            r"|te (?:daré|pagaré)|si (?:te niegas|no respondes)|de lo contrario te)"
        ),
        (
            r"urgente|emergencia|vida o muerte|te lo |esperanza|trabajo depende|empleo depende|soy (?:tu|su|el|un) "
            r"|(?:finge|imagina|haz como) |ahora eres|salgas del|hipotéticamente|novela\b|con fines|te (?:daré"
            r"|pagaré)|si (?:te niegas|no respondes)|lo contrario te"
        ),
        "Pressure, in Spanish",
        ("Es muy urgente", "a partir de ahora eres un pirata", "con fines educativos"),
        ("soy el primero", "la película"),
    ),
)
