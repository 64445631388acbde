/** Words that one wording has and another has not, without asking anything else. */
export const light = `
poner colocar mantener tener hay ser estar necesitar necesario necesidad hacer hecho requerir requerido permitir
permitido recomendar recomendado recomendable recomendación aconsejar aconsejable consejo consejos sugerir
sugerencia sugerencias conveniente convenir adecuado adecuada adecuadamente apropiado apropiadamente correcto
correctamente bien debidamente cantidad tipo clase proceso procedimiento existir existente encontrar obtener
conseguir lograr realizar efectuar llevar cabo implicar involucrar conllevar suponer consistir dado determinado
cierto ciertos alguno algún alguna algunos algunas algo alguien cualquier cualquiera varios varias diverso
diversos poder puede pueden posible posibilidad posiblemente deber debe debería deberías querer quisiera quiero
quería desear gustaría gustar saber sé conocer entender comprender explicar explícame explicación decir dime
dígame decirme dar dame deme darme indicar indícame indicarme mostrar muéstrame mostrarme cuéntame enséñame
ayudar ayúdame ayuda ayudarme favor gracias hola buenas buenos saludos oye disculpa perdona perdón pregunta
preguntar pregunto duda respuesta información info informar detalle detalles describir descripción forma manera
modo vía medio opción opciones paso pasos instrucciones guía ejemplo idea ideas tratar intentar intento procurar
ver actual actualmente ya normalmente generalmente general habitualmente habitual usualmente usual típico
típicamente soler suele suelen realmente realidad verdad verdaderamente exactamente exacto precisamente preciso
concretamente concreto específicamente específico particular respectivo correspondiente relativo respecto acerca
sobre tema asunto cuestión caso situación cosa cosas aspecto uso usar usado utilizar utilizado emplear
utilización sirve servir funcionar funcionamiento pasar pasa suceder ocurrir sucede ocurre quedar queda ir voy
va vamos hallar resultar resulta parecer considerar considerado denominado denominar llamado conocido referir
referirse referente significar significa significado querría podría podrías puedes puedo podemos pueda sería
haya esto este ese esa eso aquel mis tu tus su sus mío tuyo suyo nuestro propio propia persona personas gente
individuo nosotros ustedes usted lugar sitio momento vez mediante través de en a al del el la los las un una
unos unas se me te le les nos lo si también además entonces así pues bueno simplemente sencillamente básicamente
justo justamente mismo misma aquí ahí allí allá tanto tan prácticamente aproximadamente supuesto efectivamente
probable probablemente quizá quizás tal siguiente sigue disponible disponer contener incluir incluido constituir
corresponder relacionado relacionar asociado basar basado deberse debido propósito finalidad útil interesado
interesar interesa pensar creer opinar parece averiguar determinar solución problema inconveniente dificultad
lidiar enfrentar afrontar ocuparse aplicar producirse ofrecer proporcionar brindar aportar proveer acudir
recurrir requisito requisitos obligatorio obligado obligación hacerse hacerlo hacerla ponerlo tenerlo debo deben
debemos tengo tienes tiene tenemos tienen hago haces hace hacen es son era fue está están estoy estás soy eres
he has ha han había hubo aceptable conveniencia capaz exista existencia presencia acto labor fenómeno concepto
noción denominación encontrarse hallarse situarse ubicarse situado ubicado ubicación localizado momentos
respectivamente acaso realización rato ejemplos ideal idóneo mi cierta ciertas determinada determinados
determinadas entera completamente enteramente totalmente precisar precisa toca convendría conviene adecuados
apropiada cuyo cual cuales quien esos esas estos estas vosotros os ti mí vuestro genérico genéricamente porfa
porfis plis okay ok vale oiga saludo encantaría agradecer agradecería agradecido cordial curiosidad preguntarse
preguntaba seguramente claro obviamente naturalmente tratarse trata mencionar mencionado dicho dicha aludido
plantear surgir haciendo usando utilizando empleando poniendo teniendo siendo estando haber fórmula comando
sentido expresión principio época vs versus término palabra oración cuerpo tomar necesito necesita necesitan
recomienda recomiendas sugiere normal básico seguro práctica completo
`
